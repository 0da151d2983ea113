"""Read a market."""
