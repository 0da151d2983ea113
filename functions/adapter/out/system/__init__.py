"""Time and chance as the operating system has them."""
