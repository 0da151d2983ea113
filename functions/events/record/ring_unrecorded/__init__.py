"""Ring for what is not recorded."""
