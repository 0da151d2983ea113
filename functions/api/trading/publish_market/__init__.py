"""Publish a draft."""
