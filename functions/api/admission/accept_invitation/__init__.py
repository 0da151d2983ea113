"""Open an account by an invitation."""
