"""Accounts and the double-entry journal."""
