"""How use cases are made of ports: one function for each, in a module of its own, so that a handler loads no other."""
