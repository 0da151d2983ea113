"""Say what the API offers."""
