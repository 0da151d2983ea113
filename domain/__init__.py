"""Hunch's product: the market maker, the trade, settlement and the ledger. Standard library only, no I/O."""
