"""Tell a webhook what happened to a market."""
