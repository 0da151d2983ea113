"""List who holds shares of a market."""
