"""List the comments under a market."""
