"""Ring for every webhook that something may concern."""
