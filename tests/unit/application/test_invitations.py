"""Making, listing, revoking and accepting invitations."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.application.admission.accept_invitation import AcceptInvitationRequest, AcceptInvitationResult
from domain.application.admission.create_invitation import CreateInvitationRequest
from domain.application.admission.list_invitations import ListInvitationsRequest
from domain.application.admission.list_people import ListPeopleRequest
from domain.application.admission.revoke_invitation import RevokeInvitationRequest
from domain.application.admission.suspend_account import SuspendAccountRequest
from domain.model.admission.invitation import Invitation, SignedInvitation, invitation_url
from domain.model.kernel.caller import Caller, Role
from domain.model.kernel.errors import (
    AccountNotFoundError,
    BadCredentialError,
    ForbiddenError,
    NotFoundError,
    PastExpiryError,
)
from domain.model.ledger.account import Account
from tests.fakes.clock import START
from tests.fakes.faults import Fault, FaultyUnitOfWork
from tests.fakes.memory import MemoryStore, MemoryUnitOfWork
from tests.fakes.refusals import refused
from tests.fakes.statement import assert_balanced, statement_of
from tests.fakes.world import GRANT, World, admin, caller

HOUR = timedelta(hours=1)


async def _invite(world: World, count: int = 3, *roles: Role) -> SignedInvitation:
    return await world.create_invitation.invite(count, world.clock.now() + HOUR, frozenset(roles))


async def _accept(world: World, token: str, name: str = "Ada") -> AcceptInvitationResult:
    return await world.accept_invitation.execute(AcceptInvitationRequest(token, name))


async def test_accepting(world: World, store: MemoryStore) -> None:
    """The account, its grant and the count come at once; the token names the account and the invitation's roles."""
    signed = await _invite(world, 3, Role.ADMIN)
    result = await _accept(world, signed.token)
    assert result.account == "ada"
    assert await world.identify(f"Bearer {result.token}") == Caller("ada", frozenset({Role.ADMIN}))
    assert await world.balance("ada") == GRANT.amount
    assert store.every(Invitation) == [replace(signed.invitation, used=1, version=1)]
    assert_balanced(statement_of(store), issued=GRANT.amount)


async def test_who_came_in_stays_for_half_a_year(world: World) -> None:
    """The session outlives the invitation by far, and ends."""
    token = (await _accept(world, (await _invite(world)).token)).token
    begun = world.clock.now().replace(microsecond=0)
    world.clock.advance(begun + timedelta(days=180) - timedelta(seconds=1) - world.clock.now())
    assert await world.identify(f"Bearer {token}") == Caller("ada")
    world.clock.advance(timedelta(seconds=1))
    with pytest.raises(BadCredentialError, match="expired"):
        await world.identify(f"Bearer {token}")


async def test_no_more_than_it_admits(world: World, store: MemoryStore) -> None:
    """Of ten at once three come in, each under a name of their own, and nothing is written for the others."""
    signed = await _invite(world, 3)
    results = await asyncio.gather(*(_accept(world, signed.token) for _ in range(10)), return_exceptions=True)
    admitted = [result.account for result in results if isinstance(result, AcceptInvitationResult)]
    assert sorted(admitted) == ["ada", "ada-2", "ada-3"]
    assert sorted(account.id for account in store.every(Account)) == sorted(admitted)
    assert_balanced(statement_of(store), issued=3 * GRANT.amount)
    with refused(store, ForbiddenError):
        await _accept(world, signed.token)


@pytest.mark.parametrize("fault", [Fault.ANSWER_LOST, Fault.REQUEST_LOST, Fault.CONDITION_FAILED])
async def test_a_lost_answer_admits_one(world: World, store: MemoryStore, fault: Fault) -> None:
    """Whatever became of the first commit, one person is one account and one of the count, also the last one."""
    signed = await _invite(world, 1)
    await world.secrets.signing()
    faulty = world.with_faults(FaultyUnitOfWork(MemoryUnitOfWork(store), [fault]))
    result = await _accept(faulty, signed.token)
    assert [account.id for account in store.every(Account)] == [result.account]
    assert [invitation.used for invitation in store.every(Invitation)] == [1]


async def test_not_after_its_time(world: World, store: MemoryStore) -> None:
    """From the instant it names on it admits nobody."""
    signed = await _invite(world)
    world.clock.advance(HOUR)
    with refused(store, ForbiddenError) as refusal:
        await _accept(world, signed.token)
    assert "expired" in str(refusal.value)


async def test_revoking(world: World, store: MemoryStore) -> None:
    """It admits nobody more; only an admin revokes, and what is not there is not found by admins only."""
    for account in ("ann", "root"):
        await world.open(account)
    signed = await _invite(world)
    id_ = signed.invitation.id
    with refused(store, ForbiddenError):
        await world.revoke_invitation.execute(RevokeInvitationRequest(caller("ann"), id_))
    with refused(store, ForbiddenError):
        await world.revoke_invitation.execute(RevokeInvitationRequest(caller("ann"), "0" * 28))
    await world.revoke_invitation.execute(RevokeInvitationRequest(admin("root"), id_))
    with refused(store, ForbiddenError):
        await _accept(world, signed.token)
    with refused(store, NotFoundError):
        await world.revoke_invitation.execute(RevokeInvitationRequest(admin("root"), id_))


async def test_revoked_while_somebody_comes_in(world: World, store: MemoryStore) -> None:
    """Either they are in or they are not, and nothing is left half done."""
    await world.open("root")
    signed = await _invite(world)

    async def revoke() -> None:
        await world.revoke_invitation.execute(RevokeInvitationRequest(admin("root"), signed.invitation.id))

    late = world.with_faults(FaultyUnitOfWork(MemoryUnitOfWork(store), interruptions=[revoke]))
    with pytest.raises(ForbiddenError):
        await _accept(late, signed.token)
    assert [account.id for account in store.every(Account)] == ["root"]


async def test_making_is_for_admins(world: World, store: MemoryStore) -> None:
    """With an account, and for the future."""
    await world.open("ann")
    later = START + HOUR
    for by, expires_at, error in (
        (caller("ann"), later, ForbiddenError),
        (admin("root"), later, AccountNotFoundError),
        (caller("ann"), START, PastExpiryError),
    ):
        with refused(store, error):
            await world.create_invitation.execute(CreateInvitationRequest(by, 3, expires_at))
    result = await world.create_invitation.execute(CreateInvitationRequest(admin("ann"), 3, later))
    assert result.signed.invitation.roles == ()


@pytest.mark.parametrize("fault", [Fault.ANSWER_LOST, Fault.REQUEST_LOST])
async def test_a_lost_answer_makes_one(world: World, store: MemoryStore, fault: Fault) -> None:
    """The invitation that is answered is the one that is kept, and there is no other."""
    await world.secrets.signing()
    faulty = world.with_faults(FaultyUnitOfWork(MemoryUnitOfWork(store), [fault]))
    signed = await _invite(faulty)
    assert store.every(Invitation) == [signed.invitation]


@pytest.mark.parametrize("fault", [Fault.ANSWER_LOST, Fault.REQUEST_LOST])
async def test_a_lost_answer_revokes_it(world: World, store: MemoryStore, fault: Fault) -> None:
    """The invitation that is gone was this request's to revoke."""
    await world.open("root")
    id_ = (await _invite(world)).invitation.id
    faulty = world.with_faults(FaultyUnitOfWork(MemoryUnitOfWork(store), [fault]))
    await faulty.revoke_invitation.execute(RevokeInvitationRequest(admin("root"), id_))
    assert store.every(Invitation) == []


async def test_listing(world: World) -> None:
    """An admin sees them all, newest first, each with the link it was given out with."""
    await world.open("root")
    made = []
    for _ in range(3):
        made.append(await _invite(world))
        world.clock.advance(timedelta(milliseconds=1))
    page = (await world.list_invitations.execute(ListInvitationsRequest(admin("root"), 9))).page
    assert page.items == tuple(reversed(made))
    with pytest.raises(ForbiddenError):
        await world.list_invitations.execute(ListInvitationsRequest(caller("root"), 9))
    assert invitation_url("https://hunch.example/", made[0]) == f"https://hunch.example/invitation#{made[0].token}"


async def test_who_came_by_it(world: World, store: MemoryStore) -> None:
    """An admin sees who came in by which invitation: also once it is revoked, and whatever became of the account."""
    await world.open("root")
    first, second = await _invite(world), await _invite(world)
    by_first = {(await _accept(world, first.token, name)).account for name in ("Ada", "Grace")}
    by_second = {(await _accept(world, second.token, "Edsger")).account}
    await world.suspend_account.execute(SuspendAccountRequest(admin("root"), "ada", world.fresh()))
    await world.revoke_invitation.execute(RevokeInvitationRequest(admin("root"), first.invitation.id))

    async def came_by(id_: str | None, by: Caller) -> set[str]:
        page = (await world.list_people.execute(ListPeopleRequest(by, 100, invitation=id_))).page
        return {account.id for account in page.items}

    assert await came_by(first.invitation.id, admin("root")) == by_first
    assert await came_by(second.invitation.id, admin("root")) == by_second
    assert await came_by("0" * 28, admin("root")) == set()
    assert await came_by(None, admin("root")) == {"root", *by_first, *by_second}
    with refused(store, ForbiddenError):
        await came_by(first.invitation.id, caller("root"))


async def test_many_of_one_name(world: World, store: MemoryStore) -> None:
    """The first ten are numbered, the others get digits of their own; an account that was there is nobody else's."""
    await world.open("ada")
    signed = await _invite(world, 14)
    names = [(await _accept(world, signed.token)).account for _ in range(14)]
    assert names[:9] == [f"ada-{number}" for number in range(2, 11)]
    assert len({*names, "ada"}) == 15
    assert len(store.every(Account)) == 15
