"""Find out who is asking."""
