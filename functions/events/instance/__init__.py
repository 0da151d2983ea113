"""What an instance says about itself."""
