"""Reopen a closed market."""
