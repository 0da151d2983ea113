"""Who may come in: keys, invitations, sessions."""
