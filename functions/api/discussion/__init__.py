"""Comments under markets."""
