"""The wiring of history."""
