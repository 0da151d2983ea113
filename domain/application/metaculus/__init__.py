"""Numbers of markets, and forecasts."""
