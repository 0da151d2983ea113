"""Delete a comment."""
