"""Pay out decided markets."""
