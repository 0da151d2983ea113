"""Hints over AppSync Events."""
