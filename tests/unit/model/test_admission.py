"""Keys and invitations: what makes somebody their bearer, and until when."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.model.admission.api_key import caller_of_api_key, issue_api_key
from domain.model.admission.invitation import admit, create_invitation
from domain.model.kernel.caller import Caller, Role, Scope
from domain.model.kernel.errors import ForbiddenError, PastExpiryError
from tests.fakes.clock import START

MOMENT = timedelta(microseconds=1)
LATER = START + timedelta(hours=1)
ISSUED = issue_api_key(Caller("ann"), "bot", {Scope.READ}, LATER, START)


def test_a_key_is_good_by_its_secret_alone() -> None:
    """The account and the id are no secret: with another ending, or a key for another account, nobody is let in."""
    assert caller_of_api_key(ISSUED.api_key, ISSUED.text, START) == Caller("ann", frozenset(), frozenset({Scope.READ}))
    place, _, secret = ISSUED.text.rpartition("_")
    forged = f"{place}_{secret[:-1]}{'0' if secret[-1] != '0' else '1'}"
    other = issue_api_key(Caller("ann"), "bot", {Scope.READ}, LATER, START)
    for text in (forged, f"{place}_{'0' * 64}", place, "", other.text, ISSUED.text.replace("ann", "ben")):
        assert caller_of_api_key(ISSUED.api_key, text, START) is None


def test_a_key_is_good_until_the_instant_of_its_expiry() -> None:
    """Not at that instant, and for ever where it has none."""
    assert caller_of_api_key(ISSUED.api_key, ISSUED.text, LATER - MOMENT) is not None
    assert caller_of_api_key(ISSUED.api_key, ISSUED.text, LATER) is None
    lasting = replace(ISSUED.api_key, expires_at=None)
    assert caller_of_api_key(lasting, ISSUED.text, LATER + timedelta(days=9999)) is not None


def test_an_invitation_admits_as_many_as_it_says() -> None:
    """Each is counted, and the one after the last is refused."""
    invitation = create_invitation(2, LATER, frozenset({Role.CREATOR}), START)
    for used in (1, 2):
        before = invitation
        invitation = admit(invitation, START)
        assert (invitation.used, invitation.version) == (used, before.version + 1)
    with pytest.raises(ForbiddenError, match="admitted everybody"):
        admit(invitation, START)


def test_an_invitation_admits_until_the_instant_of_its_expiry() -> None:
    """Not at that instant; and none is made that would have expired."""
    invitation = create_invitation(2, LATER, frozenset(), START)
    assert admit(invitation, LATER - MOMENT).used == 1
    with pytest.raises(ForbiddenError, match="expired"):
        admit(invitation, LATER)
    with pytest.raises(PastExpiryError):
        create_invitation(2, START, frozenset(), START)
