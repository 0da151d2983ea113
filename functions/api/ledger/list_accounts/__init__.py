"""Read what anybody may know of several accounts."""
