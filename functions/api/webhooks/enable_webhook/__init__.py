"""Let a webhook of mine go on."""
