"""What the use cases drive."""
