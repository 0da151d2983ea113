"""Webhooks: addresses that are told what happens, by the Standard Webhooks specification."""
