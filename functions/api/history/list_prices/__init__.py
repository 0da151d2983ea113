"""Read a market's price history."""
