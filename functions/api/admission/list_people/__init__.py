"""List the accounts."""
