"""Place an order."""
