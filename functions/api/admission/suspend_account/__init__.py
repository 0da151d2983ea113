"""Suspend an account."""
