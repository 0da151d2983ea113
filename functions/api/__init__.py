"""One folder for each use case that is called over HTTP."""
