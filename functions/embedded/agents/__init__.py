"""What agents speak: the Model Context Protocol, over the Python client. It needs the extra ``hunch[mcp]``."""
