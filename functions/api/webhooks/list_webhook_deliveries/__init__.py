"""List the last attempts of a webhook of mine."""
