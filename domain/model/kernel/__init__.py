"""What every subdomain speaks in: money, notation, errors, callers."""
