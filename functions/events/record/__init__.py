"""Track records: what events call."""
