"""Paying out decided markets."""
