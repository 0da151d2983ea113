"""Making the use cases of track records."""
