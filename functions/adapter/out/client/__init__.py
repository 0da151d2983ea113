"""Another instance of Hunch, reached through its HTTP API."""
