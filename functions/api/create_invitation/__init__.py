"""Invite people."""
