"""Who still gets in: revoked credentials, suspended accounts, demoted keys, and sign-in links."""

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from domain.application.admission.accept_invitation import AcceptInvitationRequest
from domain.application.admission.accept_sign_in_link import AcceptSignInLinkRequest
from domain.application.admission.create_api_key import CreateApiKeyRequest
from domain.application.admission.create_sign_in_link import CreateSignInLinkRequest
from domain.application.admission.list_api_keys import ListApiKeysRequest
from domain.application.admission.revoke_api_key import RevokeApiKeyRequest
from domain.application.admission.revoke_my_credentials import RevokeMyCredentialsRequest
from domain.application.admission.suspend_account import SuspendAccountRequest
from domain.model.admission.api_key import ADMIN_KEY_LIFE, ApiKey, IssuedApiKey
from domain.model.admission.session_kind import SessionKind
from domain.model.admission.sign_in_link import MAX_LINKS, SignInLinks
from domain.model.admission.standing import MAX_API_KEYS
from domain.model.kernel.caller import Caller, Role, Scope
from domain.model.kernel.errors import (
    BadCredentialError,
    ForbiddenError,
    LateExpiryError,
    LimitExceededError,
    PastExpiryError,
)
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from domain.port.out.identity import Identity
from tests.fakes.clock import START
from tests.fakes.faults import Fault, FaultyUnitOfWork
from tests.fakes.memory import MemoryStore, MemoryUnitOfWork
from tests.fakes.refusals import refused
from tests.fakes.world import World, admin, caller

ADMIN = frozenset({Scope.ADMIN, Scope.READ})


@dataclass
class Issuer:
    """An issuer of one token, for ann, whose roles change."""

    roles: frozenset[Role] = frozenset({Role.ADMIN})

    async def identify(self, _: str) -> Identity:
        return Identity("ann", self.roles)


async def _key(world: World, scopes: frozenset[Scope], by: Caller) -> IssuedApiKey:
    return (await world.create_api_key.execute(CreateApiKeyRequest(by, "bot", scopes, None))).issued


async def _guest(world: World, *roles: Role) -> tuple[str, str]:
    """The account and the token of somebody who came by an invitation."""
    invited = await world.create_invitation.invite(9, world.clock.now() + timedelta(days=1), frozenset(roles))
    result = await world.accept_invitation.execute(AcceptInvitationRequest(invited.token, "Bob"))
    return result.account, result.token


async def _link(world: World, account: str, by: Caller | None = None) -> str:
    request = CreateSignInLinkRequest(by or caller(account), account)
    return (await world.create_sign_in_link.execute(request)).token


async def _accept(world: World, link: str) -> str:
    return (await world.accept_sign_in_link.execute(AcceptSignInLinkRequest(link))).token


async def test_keys_lose_an_admins_scope_with_their_owner(world: World) -> None:
    """From the first time that the owner's own token comes without the role, and for good: as an admin again, too."""
    issuer = Issuer()
    trusting = replace(world, issuer=issuer)
    await trusting.open("ann")
    running = await _key(trusting, ADMIN, admin("ann"))
    await trusting.identify("Bearer theirs")
    assert (await trusting.identify(f"Key {running.text}")) == Caller("ann", frozenset({Role.ADMIN}), ADMIN)
    issuer.roles = frozenset()
    await trusting.identify("Bearer theirs")
    demoted = Caller("ann", frozenset(), frozenset({Scope.READ}))
    assert await trusting.identify(f"Key {running.text}") == demoted
    (listed,) = (await trusting.list_api_keys.execute(ListApiKeysRequest(caller("ann"), 9))).page.items
    assert listed.scopes == (Scope.READ,)
    issuer.roles = frozenset({Role.ADMIN})
    await trusting.identify("Bearer theirs")
    assert await trusting.identify(f"Key {running.text}") == demoted
    again = await _key(trusting, ADMIN, admin("ann"))
    assert await trusting.identify(f"Key {again.text}") == Caller("ann", frozenset({Role.ADMIN}), ADMIN)


async def test_an_admins_key_of_an_earlier_release(world: World, store: MemoryStore) -> None:
    """It lives no longer than those of today, and is demoted as they are once it has been used."""
    await world.open("ann")
    running = await _key(world, ADMIN, admin("ann"))
    store.put(replace(store.every(ApiKey)[0], expires_at=None))
    ann = store.every(Account)[0]
    store.put(replace(ann, has_admin_keys=False))
    assert await world.identify(f"Key {running.text}") is not None
    assert (await world.found(key_for(Account, "ann"))).has_admin_keys
    world.clock.advance(ADMIN_KEY_LIFE)
    with pytest.raises(BadCredentialError):
        await world.identify(f"Key {running.text}")


async def test_the_life_of_an_admins_key(world: World, store: MemoryStore) -> None:
    """Ninety days where nobody says how long, and no more than that; other keys live as long as they like."""
    await world.open("ann")
    assert (await _key(world, ADMIN, admin("ann"))).api_key.expires_at == START + ADMIN_KEY_LIFE
    late = START + ADMIN_KEY_LIFE + timedelta(microseconds=1)
    with refused(store, LateExpiryError):
        await world.create_api_key.execute(CreateApiKeyRequest(admin("ann"), "bot", ADMIN, late))
    reading = CreateApiKeyRequest(admin("ann"), "bot", frozenset({Scope.READ}), late)
    assert (await world.create_api_key.execute(reading)).issued.api_key.expires_at == late


async def test_how_many_keys(world: World, store: MemoryStore) -> None:
    """Fifty; a revoked one makes room."""
    await world.open("ann")
    keys = [await _key(world, frozenset({Scope.READ}), caller("ann")) for _ in range(MAX_API_KEYS)]
    with refused(store, LimitExceededError):
        await _key(world, frozenset({Scope.READ}), caller("ann"))
    await world.revoke_api_key.execute(RevokeApiKeyRequest(caller("ann"), keys[0].api_key.id))
    await _key(world, frozenset({Scope.READ}), caller("ann"))


async def test_keys_made_alone(world: World) -> None:
    """A key that was made where anybody may be anybody is void once others can reach the instance."""
    alone = replace(world, session_kinds=frozenset(SessionKind))
    await alone.open("ann")
    issued = await _key(alone, frozenset({Scope.READ}), caller("ann"))
    assert await alone.identify(f"Key {issued.text}") is not None
    with pytest.raises(BadCredentialError):
        await world.identify(f"Key {issued.text}")


async def test_suspended(world: World) -> None:
    """The caller is known as suspended, by session and by key; suspending twice writes once."""
    account, token = await _guest(world)
    await world.open("root")
    key = await _key(world, frozenset({Scope.READ}), caller(account))
    for _ in range(2):
        request = SuspendAccountRequest(admin("root"), account, world.fresh())
        assert (await world.suspend_account.execute(request)).account.suspended
    for credential in (f"Bearer {token}", f"Key {key.text}"):
        somebody = await world.identify(credential)
        assert somebody is not None
        assert somebody.is_suspended
    assert (await world.found(key_for(Account, account))).revision == 2


async def test_revoked(world: World) -> None:
    """However often, and whatever the clock says by then."""
    account, token = await _guest(world)
    await world.revoke_my_credentials.execute(RevokeMyCredentialsRequest(caller(account), world.fresh()))
    world.clock.advance(timedelta(days=-1))
    with pytest.raises(BadCredentialError, match="revoked"):
        await world.identify(f"Bearer {token}")
    back = await _accept(world, await _link(world, account))
    assert await world.identify(f"Bearer {back}") is not None


async def test_a_link_signs_in_once(world: World, store: MemoryStore) -> None:
    """With what the invitation gave; of two who show it at once one is in."""
    account, _ = await _guest(world, Role.CREATOR)
    link = await _link(world, account)
    answers = await asyncio.gather(*(_accept(world, link) for _ in range(2)), return_exceptions=True)
    (token,) = [each for each in answers if isinstance(each, str)]
    (error,) = [each for each in answers if not isinstance(each, str)]
    assert isinstance(error, BadCredentialError)
    assert await world.identify(f"Bearer {token}") == Caller(account, frozenset({Role.CREATOR}), is_newly_linked=True)
    for forged in (link, link + "x", token, "", f"{account}_{'0' * 28}.x"):
        with refused(store, BadCredentialError):
            await _accept(world, forged)


@pytest.mark.parametrize("fault", [Fault.ANSWER_LOST, Fault.REQUEST_LOST])
async def test_a_lost_answer_uses_the_link_once(world: World, store: MemoryStore, fault: Fault) -> None:
    """Whoever shows it is signed in all the same."""
    account, _ = await _guest(world)
    link = await _link(world, account)
    faulty = world.with_faults(FaultyUnitOfWork(MemoryUnitOfWork(store), [fault]))
    assert await world.identify(f"Bearer {await _accept(faulty, link)}") is not None


async def test_links_expire(world: World) -> None:
    """From the very instant on, after seven days unless it was said otherwise, and thirty at the most."""
    account, _ = await _guest(world)
    link = await _link(world, account)
    world.clock.advance(timedelta(days=7))
    with pytest.raises(BadCredentialError):
        await _accept(world, link)
    latest = world.clock.now() + timedelta(days=30)
    request = CreateSignInLinkRequest(caller(account), account, latest)
    assert (await world.create_sign_in_link.execute(request)).expires_at == latest
    with pytest.raises(LateExpiryError):
        await world.create_sign_in_link.execute(request._replace(expires_at=latest + timedelta(microseconds=1)))


@pytest.mark.parametrize("fault", [Fault.ANSWER_LOST, Fault.REQUEST_LOST])
async def test_a_lost_answer_makes_one_link(world: World, store: MemoryStore, fault: Fault) -> None:
    """The link that is answered is the one that is kept, and there is no other."""
    account, _ = await _guest(world)
    faulty = world.with_faults(FaultyUnitOfWork(MemoryUnitOfWork(store), [fault]))
    link = await _link(faulty, account)
    assert len(store.every(SignInLinks)[0].links) == 1
    await _accept(world, link)


async def test_what_is_wrong_with_a_link_is_said_first(world: World) -> None:
    """Whoever asks, and for whatever account: what the request alone shows comes before what it may do."""
    await world.open("ann")
    for account in ("nobody", "ann"):
        for wrong, error in ((timedelta(), PastExpiryError), (timedelta(days=31), LateExpiryError)):
            with pytest.raises(error):
                await world.create_sign_in_link.execute(
                    CreateSignInLinkRequest(caller("eve"), account, world.clock.now() + wrong)
                )


async def test_how_many_links(world: World, store: MemoryStore) -> None:
    """Twenty that may still sign in; those that are over make room."""
    account, _ = await _guest(world)
    links = [await _link(world, account) for _ in range(MAX_LINKS)]
    with refused(store, LimitExceededError):
        await _link(world, account)
    await _accept(world, links[0])
    await _link(world, account)
    world.clock.advance(timedelta(days=7))
    await _link(world, account)
    assert len(store.every(SignInLinks)[0].links) == 1


async def test_who_makes_links(world: World, store: MemoryStore) -> None:
    """Not others, not a session that came by a young link, and none into an account that came otherwise."""
    account, _ = await _guest(world)
    await world.open("root")
    linked = await world.identify(f"Bearer {await _accept(world, await _link(world, account))}")
    assert linked is not None
    for by in (caller("root"), linked):
        with refused(store, ForbiddenError):
            await _link(world, account, by)
    with refused(store, ForbiddenError):
        await _link(world, "root", admin("root"))
    await _link(world, account, admin("root"))


async def test_a_session_of_a_link_of_yesterday(world: World) -> None:
    """A day after it was made the way back is as good as the first one."""
    account, _ = await _guest(world)
    token = await _accept(world, await _link(world, account))
    world.clock.advance(timedelta(days=1))
    somebody = await world.identify(f"Bearer {token}")
    assert somebody is not None
    await _link(world, account, somebody)


async def test_guests_of_an_earlier_release(world: World, store: MemoryStore) -> None:
    """Their session shows that they came by an invitation: from its next use on they can have links."""
    account, token = await _guest(world, Role.CREATOR)
    store.put(replace(await world.found(key_for(Account, account)), invited_roles=None))
    with refused(store, ForbiddenError):
        await _link(world, account)
    await world.identify(f"Bearer {token}")
    back = await _accept(world, await _link(world, account))
    somebody = await world.identify(f"Bearer {back}")
    assert somebody is not None
    assert somebody.roles == {Role.CREATOR}
