"""What the use cases of several subdomains share."""
