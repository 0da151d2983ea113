"""What programs written for Metaculus send and expect: posts, questions and forecasts, over our markets."""
