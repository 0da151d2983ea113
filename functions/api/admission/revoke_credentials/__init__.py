"""Revoke an account's credentials."""
