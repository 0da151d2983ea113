"""Withdraw a decision before it is paid."""
