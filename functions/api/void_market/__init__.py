"""Call a market off."""
