"""One folder for each function that is called by an event."""
