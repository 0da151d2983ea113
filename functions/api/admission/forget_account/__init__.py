"""Forget an account."""
