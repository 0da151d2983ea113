"""Ring for webhooks whose ring was lost."""
