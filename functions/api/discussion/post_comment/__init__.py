"""Write a comment under a market."""
