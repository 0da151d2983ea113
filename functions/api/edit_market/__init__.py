"""Edit a draft."""
