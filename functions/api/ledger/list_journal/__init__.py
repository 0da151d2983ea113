"""List the movements of the caller's money."""
