"""Delete a webhook of mine."""
