"""The boundary of the domain: what it offers (in_) and what it needs (out)."""
