"""Revoke the caller's credentials."""
