"""What people say about markets."""
