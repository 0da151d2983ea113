"""Clarify the rules of a market."""
