"""Delete a draft."""
