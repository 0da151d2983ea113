"""Read the caller's portfolio."""
