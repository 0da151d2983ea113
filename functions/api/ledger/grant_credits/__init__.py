"""Grant an account credits."""
