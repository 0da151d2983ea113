"""GET /v1/markets/{slug}/stream: the events of a market as they happen, on one machine."""
