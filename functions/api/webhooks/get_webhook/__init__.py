"""Read a webhook of mine."""
