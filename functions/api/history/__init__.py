"""The price history of markets."""
