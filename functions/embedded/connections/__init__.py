"""How the server treats connections: how much of one it reads, how long it waits, how many it keeps."""
