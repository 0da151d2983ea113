"""Price an order."""
