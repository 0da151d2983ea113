"""List invitations."""
