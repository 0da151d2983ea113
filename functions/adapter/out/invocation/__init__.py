"""Rings as invocations of Lambda functions."""
