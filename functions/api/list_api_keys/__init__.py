"""List bot keys."""
