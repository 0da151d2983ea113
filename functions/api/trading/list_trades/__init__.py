"""List a market's trades."""
