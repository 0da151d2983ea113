"""What the market is made of: frozen values and the functions that turn one into the next."""
