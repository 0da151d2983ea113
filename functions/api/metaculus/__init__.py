"""The surface for programs that were written for Metaculus."""
