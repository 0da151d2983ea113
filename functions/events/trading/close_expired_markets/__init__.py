"""Close markets past their closing time."""
