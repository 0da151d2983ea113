"""Say that the service works."""
