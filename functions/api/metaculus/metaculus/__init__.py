"""All of /metaculus/api, by one function."""
