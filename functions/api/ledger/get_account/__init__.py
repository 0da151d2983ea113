"""Read what anybody may know of an account."""
