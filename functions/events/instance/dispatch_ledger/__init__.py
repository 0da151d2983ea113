"""Ring for the workers whom a record of the ledger concerns."""
