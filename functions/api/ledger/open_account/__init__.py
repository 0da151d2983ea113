"""Open the caller's account."""
