"""Read what happened to a market, in order."""
