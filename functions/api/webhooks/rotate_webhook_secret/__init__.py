"""Give a webhook of mine a new secret."""
