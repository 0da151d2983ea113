"""Making the use cases of the discussion."""
