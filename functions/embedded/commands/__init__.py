"""The commands of ``hunch``, a module each. What takes long to load is loaded once a command knows it needs it."""
