"""Open the account of somebody who has just signed up."""
