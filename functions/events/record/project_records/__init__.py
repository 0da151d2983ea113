"""Fold results into records."""
