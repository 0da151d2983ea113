"""A market of very many positions, and how long it takes to pay it out."""
