"""Track records and leaderboards."""
