"""The wiring of settlement."""
