"""List the caller's trades."""
