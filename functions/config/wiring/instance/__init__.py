"""The wiring of instance."""
