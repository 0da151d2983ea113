"""What surfaces for other sites' programs share: how they are asked, and how they refuse."""
