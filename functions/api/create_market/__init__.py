"""Draft a market."""
