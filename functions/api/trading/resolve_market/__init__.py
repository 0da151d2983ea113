"""Decide a market's outcome."""
