"""The wiring of trading."""
