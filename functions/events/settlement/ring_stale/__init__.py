"""Ring again for what still waits."""
