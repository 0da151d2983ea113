"""Finding records by other means than their key: one module for each subdomain."""
