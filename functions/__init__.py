"""Everything that runs: the functions, their adapters, and the embedded server."""
