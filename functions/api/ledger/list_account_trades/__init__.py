"""List an account's trades."""
