"""Messages to webhooks, over the network."""
