"""Answer what no other function does."""
