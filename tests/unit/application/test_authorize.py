"""Who is asking; every way of a credential to be bad is tested over HTTP, and here what only the store shows."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from domain.application.admission.create_api_key import CreateApiKeyRequest
from domain.model.admission.api_key import ApiKey
from domain.model.admission.instance import SIGNING, InstanceSecret
from domain.model.admission.session import Session, session_token
from domain.model.admission.session_kind import SessionKind
from domain.model.admission.subject import account_of_subject
from domain.model.kernel.caller import Caller, Role, Scope
from domain.model.kernel.errors import BadCredentialError, ContentionError
from domain.port.out.identity import Identity
from domain.port.out.store import ATTEMPTS
from tests.fakes.clock import START
from tests.fakes.faults import Fault, FaultyUnitOfWork
from tests.fakes.memory import MemoryPersistence, MemoryStore, MemoryUnitOfWork
from tests.fakes.world import World, caller


@dataclass
class KnownTokens:
    """An issuer of one token."""

    token: str = "theirs"
    subject: str = "ann"

    async def identify(self, token: str) -> Identity:
        if token != self.token:
            raise BadCredentialError("none of theirs")
        return Identity(self.subject, frozenset({Role.CREATOR}))


async def _session(world: World, account: str = "ann", kind: SessionKind = SessionKind.INVITATION, *roles: Role) -> str:
    session = Session(account, frozenset(roles), world.clock.now() + timedelta(hours=1))
    return session_token(await world.secrets.signing(), kind, session)


async def _key(world: World, *scopes: Scope, by: Caller | None = None, expires: timedelta | None = None) -> str:
    expires_at = world.clock.now() + expires if expires else None
    request = CreateApiKeyRequest(by or caller("ann"), "bot", frozenset(scopes), expires_at)
    return (await world.create_api_key.execute(request)).issued.text


async def test_nobody(world: World) -> None:
    """Without a credential nobody in particular asks."""
    assert await world.identify() is None


async def test_sessions(world: World) -> None:
    """A session names its account and its roles until the instant it expires; its scopes are everything."""
    token = await _session(world, "ann", SessionKind.INVITATION, Role.ADMIN)
    assert await world.identify(f"Bearer {token}") == Caller("ann", frozenset({Role.ADMIN}))
    assert await world.identify(f"bearer   {token} ") == Caller("ann", frozenset({Role.ADMIN}))
    world.clock.advance(timedelta(hours=1))
    with pytest.raises(BadCredentialError, match="expired"):
        await world.identify(f"Bearer {token}")


async def test_sessions_of_another_kind(world: World) -> None:
    """A developer's session counts only where they are let in, and cannot be taken for a guest's."""
    token = await _session(world, "ann", SessionKind.DEVELOPER)
    developers = replace(world, session_kinds=frozenset(SessionKind))
    assert await developers.identify(f"Bearer {token}") == Caller("ann")
    renamed = token.replace("hd_", "hs_")
    for bad in (token, renamed):
        with pytest.raises(BadCredentialError):
            await world.identify(f"Bearer {bad}")


async def test_sessions_of_another_instance(world: World) -> None:
    """What another instance has signed proves nothing here."""
    token = await _session(World(MemoryPersistence.over(MemoryStore())))
    with pytest.raises(BadCredentialError):
        await world.identify(f"Bearer {token}")


async def test_an_issuers_tokens(world: World) -> None:
    """Its subject is the account, and its groups are the roles."""
    trusting = replace(world, issuer=KnownTokens())
    assert await trusting.identify("Bearer theirs") == Caller("ann", frozenset({Role.CREATOR}))
    with pytest.raises(BadCredentialError):
        await trusting.identify("Bearer others")
    with pytest.raises(BadCredentialError):
        await world.identify("Bearer theirs")


async def test_guests_are_no_subjects(world: World) -> None:
    """Beside an issuer an invitation's session counts for a guest only, and no subject can be one."""
    trusting = replace(world, issuer=KnownTokens(subject="guest-bob"))
    guest, earlier = await _session(world, "guest-bob"), await _session(world, "bob")
    assert await trusting.identify(f"Bearer {guest}") == Caller("guest-bob")
    with pytest.raises(BadCredentialError):
        await trusting.identify(f"Bearer {earlier}")
    subject = await trusting.identify("Bearer theirs")
    assert subject is not None
    assert subject.account == account_of_subject("guest-bob") != "guest-bob"


async def test_keys(world: World, store: MemoryStore) -> None:
    """A key names its account, what it may be used for, and its owner's roles, but an admin's only with that scope."""
    root = Caller("ann", frozenset(Role))
    await world.open("ann")
    reading = await _key(world, Scope.READ, by=root)
    running = await _key(world, Scope.ADMIN, Scope.READ, by=root)
    assert await world.identify(f"Key {reading}") == Caller("ann", frozenset({Role.CREATOR}), frozenset({Scope.READ}))
    assert await world.identify(f"Key {running}") == Caller(
        "ann", frozenset(Role), frozenset({Scope.ADMIN, Scope.READ})
    )
    assert all(reading not in repr(record) for record in store.records.values())
    for bad in (reading[:-1] + "z", reading.replace("_ann_", "_bob_"), "hk_", ""):
        with pytest.raises(BadCredentialError):
            await world.identify(f"Key {bad}")
    assert await world.identify(f"Bearer {reading}") == await world.identify(f"Key {reading}")


async def test_keys_expire(world: World) -> None:
    """From the very instant on."""
    await world.open("ann")
    key = await _key(world, Scope.READ, expires=timedelta(minutes=1))
    world.clock.advance(timedelta(seconds=59))
    assert await world.identify(f"Key {key}") is not None
    world.clock.advance(timedelta(seconds=1))
    with pytest.raises(BadCredentialError):
        await world.identify(f"Key {key}")


async def test_uses_are_noted_now_and_then(world: World, store: MemoryStore) -> None:
    """Once in ten minutes; a use that cannot be noted is none the less good."""
    await world.open("ann")
    key = await _key(world, Scope.READ)
    for minutes, noted in ((0, 0), (9, 0), (1, 10), (5, 10)):
        world.clock.advance(timedelta(minutes=minutes))
        await world.identify(f"Key {key}")
        (kept,) = store.every(ApiKey)
        assert kept.last_used_at == START + timedelta(minutes=noted)
    world.clock.advance(timedelta(hours=1))
    busy = world.with_faults(FaultyUnitOfWork(MemoryUnitOfWork(store), [Fault.CONDITION_FAILED]))
    assert await busy.identify(f"Key {key}") is not None


@pytest.mark.parametrize(
    "credentials",
    [("",), ("Bearer",), ("Basic YTpi",), ("Bearer é",), ("Key é",), ("theirs",), ("Bearer theirs", "Bearer theirs")],
)
async def test_what_is_no_credential(world: World, credentials: tuple[str, ...]) -> None:
    """Another scheme, none, nothing, or two of them."""
    with pytest.raises(BadCredentialError):
        await replace(world, issuer=KnownTokens()).identify(*credentials)


async def test_the_secret_is_made_once(world: World, store: MemoryStore) -> None:
    """Whoever asks first makes it; everybody else, and every later process, has the same."""
    first = await world.secrets.signing()
    assert store.every(InstanceSecret) == [InstanceSecret(SIGNING, first)]
    assert await World(MemoryPersistence.over(store)).secrets.signing() == first
    assert len(bytes.fromhex(first)) == 32


@pytest.mark.parametrize("fault", [Fault.ANSWER_LOST, Fault.CONDITION_FAILED, Fault.REQUEST_LOST])
async def test_a_secret_that_may_not_be_kept(world: World, store: MemoryStore, fault: Fault) -> None:
    """Only what is stored is used: one whose writing came to nothing is tried again, or signs nothing."""
    faulty = world.with_faults(FaultyUnitOfWork(MemoryUnitOfWork(store), [fault]))
    assert await faulty.secrets.signing() == store.every(InstanceSecret)[0].value
    assert await faulty.secrets.signing() == await world.secrets.signing()
    never = World(MemoryPersistence.over(MemoryStore())).with_faults(
        FaultyUnitOfWork(MemoryUnitOfWork(MemoryStore()), [Fault.CONDITION_FAILED] * ATTEMPTS)
    )
    with pytest.raises(ContentionError):
        await never.secrets.signing()
