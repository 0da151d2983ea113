"""Restore an account."""
