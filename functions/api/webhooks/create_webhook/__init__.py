"""Make a webhook."""
