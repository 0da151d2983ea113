"""Markets with invented people, run many times: what a liquidity would do before a market has it."""
