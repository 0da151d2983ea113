"""The wiring of the surface for programs that were written for Metaculus."""
