"""The event functions of webhooks."""
