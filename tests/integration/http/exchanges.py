"""Answers of an earlier release, against those of this one."""

CHANGING = {"as_of"}
"""What is said of the present moment."""


def includes(shown: object, known: object) -> bool:
    """Whether an answer says all that it said then; a member may be new, none may be gone or say something else."""
    if isinstance(known, dict):
        return isinstance(shown, dict) and all(
            name in shown and (name in CHANGING or includes(shown[name], value)) for name, value in known.items()
        )
    if isinstance(known, list):
        return (
            isinstance(shown, list)
            and len(shown) == len(known)
            and all(includes(one, other) for one, other in zip(shown, known, strict=True))
        )
    return shown == known
