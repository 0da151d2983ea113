"""What programs written for Manifold send and expect: the shapes of its v0 API, over our markets and trades."""
