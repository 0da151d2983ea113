"""The stack that deploys Hunch; of the functions it reads the registry and nothing else."""
