"""Fold trades into price histories."""
