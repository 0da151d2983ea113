"""Read an account's track record."""
