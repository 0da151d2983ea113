"""Make a bot key."""
