"""Reconciliation: the ledger is the truth, and whatever else is stored is made to follow from it."""
