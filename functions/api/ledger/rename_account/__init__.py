"""Rename an account."""
