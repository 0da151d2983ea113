"""Revoke a bot key."""
