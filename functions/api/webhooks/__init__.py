"""The HTTP functions of webhooks."""
