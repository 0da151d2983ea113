"""Hunch on one machine: a server, a database file and the command line."""
