"""Say who the caller is."""
