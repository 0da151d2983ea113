"""Sign in by a link."""
