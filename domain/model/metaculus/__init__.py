"""What programs written for Metaculus need besides markets: numbers as names, and forecasts."""
