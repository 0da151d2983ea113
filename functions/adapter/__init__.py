"""Where the outside meets the ports."""
