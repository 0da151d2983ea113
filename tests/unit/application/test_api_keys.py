"""Making, listing and revoking bot keys."""

import asyncio
from datetime import timedelta

import pytest

from domain.application.admission.create_api_key import CreateApiKeyRequest
from domain.application.admission.list_api_keys import ListApiKeysRequest
from domain.application.admission.revoke_api_key import RevokeApiKeyRequest
from domain.model.admission.api_key import ApiKey, IssuedApiKey
from domain.model.kernel.caller import Caller, Role, Scope
from domain.model.kernel.errors import (
    AccountNotFoundError,
    BadCredentialError,
    DomainError,
    ForbiddenError,
    NotFoundError,
    PastExpiryError,
)
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from tests.fakes.clock import START
from tests.fakes.faults import Fault, FaultyUnitOfWork
from tests.fakes.memory import MemoryStore, MemoryUnitOfWork
from tests.fakes.refusals import refused
from tests.fakes.world import World, admin, caller

READ = frozenset({Scope.READ})


async def _make(world: World, by: Caller, scopes: frozenset[Scope] = READ) -> IssuedApiKey:
    return (await world.create_api_key.execute(CreateApiKeyRequest(by, "bot", scopes, None))).issued


async def test_making_and_listing(world: World, store: MemoryStore) -> None:
    """The newest is listed first, and nobody else's; what is kept is a hash."""
    await world.open("ann")
    await world.open("bob")
    made = []
    for _ in range(3):
        made.append((await _make(world, caller("ann"))).api_key)
        world.clock.advance(timedelta(milliseconds=1))
    await _make(world, caller("bob"))
    page = (await world.list_api_keys.execute(ListApiKeysRequest(caller("ann"), 9))).page
    assert page.items == tuple(reversed(made))
    assert all(len(key.digest) == 64 for key in store.every(ApiKey))


REFUSED = [
    (caller("bob"), READ, None, AccountNotFoundError),
    (caller("ann"), frozenset({Scope.ADMIN}), None, ForbiddenError),
    (Caller("ann", frozenset({Role.CREATOR})), frozenset({Scope.ADMIN}), None, ForbiddenError),
    (admin("ann"), frozenset({Scope.KEYS}), None, ForbiddenError),
    (Caller("ann", scopes=READ | {Scope.KEYS}), frozenset({Scope.TRADE}), None, ForbiddenError),
    (caller("ann"), READ, START, PastExpiryError),
    (caller("bob"), READ, START, PastExpiryError),
]


@pytest.mark.parametrize(("by", "scopes", "expires_at", "error"), REFUSED)
async def test_keys_that_are_not_made(
    world: World,
    store: MemoryStore,
    *,
    by: Caller,
    scopes: frozenset[Scope],
    expires_at: object,
    error: type[DomainError],
) -> None:
    """Not by a stranger, not with more than its maker has, and not for the past."""
    await world.open("ann")
    with refused(store, error):
        expiry = START if expires_at else None
        await world.create_api_key.execute(CreateApiKeyRequest(by, "bot", scopes, expiry))


@pytest.mark.parametrize("fault", [Fault.ANSWER_LOST, Fault.REQUEST_LOST])
async def test_a_lost_answer_makes_one_key(world: World, store: MemoryStore, fault: Fault) -> None:
    """The key that is answered is the one that is kept, and there is no other."""
    await world.open("ann")
    faulty = world.with_faults(FaultyUnitOfWork(MemoryUnitOfWork(store), [fault]))
    issued = await _make(faulty, caller("ann"))
    assert store.every(ApiKey) == [issued.api_key]


async def test_revoking(world: World, store: MemoryStore) -> None:
    """It is gone, once; another's cannot be revoked, nor by one who has no account."""
    for account in ("ann", "bob"):
        await world.open(account)
    id_ = (await _make(world, caller("ann"))).api_key.id
    for by, error in (
        (caller("bob"), NotFoundError),
        (admin("bob"), NotFoundError),
        (caller("eve"), AccountNotFoundError),
    ):
        with refused(store, error):
            await world.revoke_api_key.execute(RevokeApiKeyRequest(by, id_))
    await world.revoke_api_key.execute(RevokeApiKeyRequest(caller("ann"), id_))
    assert store.every(ApiKey) == []
    with refused(store, NotFoundError):
        await world.revoke_api_key.execute(RevokeApiKeyRequest(caller("ann"), id_))


@pytest.mark.parametrize("fault", [Fault.ANSWER_LOST, Fault.REQUEST_LOST])
async def test_a_lost_answer_revokes_it(world: World, store: MemoryStore, fault: Fault) -> None:
    """The key that is gone was this request's to revoke, and counts as one less."""
    await world.open("ann")
    id_ = (await _make(world, caller("ann"))).api_key.id
    faulty = world.with_faults(FaultyUnitOfWork(MemoryUnitOfWork(store), [fault]))
    await faulty.revoke_api_key.execute(RevokeApiKeyRequest(caller("ann"), id_))
    assert store.every(ApiKey) == []
    assert (await world.found(key_for(Account, "ann"))).api_keys == 0


async def test_revoking_while_it_is_used(world: World, store: MemoryStore) -> None:
    """A use that is noted at the same moment does not save it."""
    await world.open("ann")
    issued = await _make(world, caller("ann"))
    revoke = world.revoke_api_key.execute(RevokeApiKeyRequest(caller("ann"), issued.api_key.id))
    await asyncio.gather(world.identify(f"Key {issued.text}"), revoke)
    assert store.every(ApiKey) == []


async def test_listing_takes_an_account(world: World) -> None:
    """A stranger has no list, not even an empty one."""
    with pytest.raises(AccountNotFoundError):
        await world.list_api_keys.execute(ListApiKeysRequest(caller("ann"), 9))


async def test_admins_see_and_revoke_every_key(world: World, store: MemoryStore) -> None:
    """By the name of the account; nobody else does, and an admin's own key without that scope is nobody's admin."""
    for account in ("ann", "bob", "zoe"):
        await world.open(account)
    issued = await _make(world, caller("ann"))
    id_ = issued.api_key.id
    for by, account, error in (
        (caller("bob"), "ann", ForbiddenError),
        (caller("bob"), "nobody", ForbiddenError),
        (admin("zoe"), "nobody", AccountNotFoundError),
        (admin("eve"), "ann", AccountNotFoundError),
    ):
        with refused(store, error):
            await world.list_api_keys.execute(ListApiKeysRequest(by, 9, account=account))
        with refused(store, error):
            await world.revoke_api_key.execute(RevokeApiKeyRequest(by, id_, account))
    with refused(store, NotFoundError):
        await world.revoke_api_key.execute(RevokeApiKeyRequest(admin("zoe"), id_, "bob"))
    listed = await world.list_api_keys.execute(ListApiKeysRequest(admin("zoe"), 9, account="ann"))
    assert [key.id for key in listed.page.items] == [id_]
    await world.revoke_api_key.execute(RevokeApiKeyRequest(admin("zoe"), id_, "ann"))
    assert store.every(ApiKey) == []
    assert (await world.found(key_for(Account, "ann"))).api_keys == 0
    with pytest.raises(BadCredentialError):
        await world.identify(f"Key {issued.text}")
