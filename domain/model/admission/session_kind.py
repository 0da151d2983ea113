"""The kinds of sessions; apart from the sessions, since whatever is wired up names the kinds that count."""

from enum import Enum


class SessionKind(Enum):
    """By what somebody was let in: also the purpose of the signature, and how the token begins."""

    INVITATION = "hs"
    DEVELOPER = "hd"
