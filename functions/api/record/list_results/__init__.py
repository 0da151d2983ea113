"""List an account's results."""
