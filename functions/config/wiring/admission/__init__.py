"""The wiring of admission."""
