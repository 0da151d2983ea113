"""Telling webhooks what happens."""
