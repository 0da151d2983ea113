"""Revoke an invitation."""
