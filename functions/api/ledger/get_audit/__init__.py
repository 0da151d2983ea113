"""Say whether the books balance."""
