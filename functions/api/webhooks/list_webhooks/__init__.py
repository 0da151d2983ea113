"""List my webhooks."""
