"""All of /v0, by one function."""
