"""Markets, books, orders and trades."""
