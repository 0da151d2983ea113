"""Compare every balance with the ledger."""
