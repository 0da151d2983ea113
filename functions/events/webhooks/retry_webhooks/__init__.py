"""Ring for every webhook whose next attempt is due."""
