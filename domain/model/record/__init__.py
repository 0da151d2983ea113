"""Track records: what accounts added to the scores of markets."""
