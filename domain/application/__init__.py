"""The use cases: one module each, with its request, its result and its class."""
