"""Make a sign-in link."""
