"""The wiring of ledger."""
