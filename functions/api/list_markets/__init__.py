"""List markets."""
