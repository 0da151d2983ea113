"""Lambda: what every function's entry shares."""
