"""What the domain offers to whoever drives it."""
