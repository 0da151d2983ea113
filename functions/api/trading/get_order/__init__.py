"""Read one of the caller's orders."""
