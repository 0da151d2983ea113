"""Forgetting an account: what goes, what stays, who may, and what happens to whatever is on its way."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from domain.application.admission.accept_invitation import AcceptInvitationRequest
from domain.application.admission.accept_sign_in_link import AcceptSignInLinkRequest
from domain.application.admission.create_api_key import CreateApiKeyRequest
from domain.application.admission.create_sign_in_link import CreateSignInLinkRequest
from domain.application.admission.forget_account import BATCH, ROUNDS, ForgetAccountRequest
from domain.application.admission.restore_account import RestoreAccountRequest
from domain.application.admission.suspend_account import SuspendAccountRequest
from domain.application.ledger.get_account import GetAccountRequest
from domain.application.ledger.open_account import OpenAccountRequest
from domain.application.ledger.rename_account import RenameAccountRequest
from domain.application.webhooks.create_webhook import CreateWebhookRequest
from domain.model.admission.forgetting import Forgetting, Removed
from domain.model.discussion.comment import Comment
from domain.model.kernel.caller import Scope
from domain.model.kernel.errors import (
    AccountNotFoundError,
    BadCredentialError,
    ContentionError,
    ForbiddenError,
)
from domain.model.kernel.money import MICROS
from domain.model.kernel.record import Key, key_for
from domain.model.ledger.account import Account
from domain.model.ledger.journal import JournalEntry
from domain.model.trading.market import Market, MarketDefinition
from domain.model.trading.position import Position
from domain.model.webhooks.address import Target
from domain.model.webhooks.delivery import Answer
from domain.model.webhooks.webhook import Subscription
from tests.fakes.clock import START
from tests.fakes.faults import Fault, FaultyUnitOfWork, KilledError
from tests.fakes.memory import MemoryAdmission, MemoryStore, MemoryUnitOfWork
from tests.fakes.refusals import refused
from tests.fakes.statement import assert_balanced, statement_of
from tests.fakes.world import World, admin, caller

NAME, TEXT, QUESTION, BOT, URL = "Łukasz", "My secret source.", "Will I move?", "thermometer", "https://mine.example"
WORDS = (NAME, TEXT, QUESTION, BOT, URL)


class _Network:
    """Every address may be called."""

    async def check(self, _: Target) -> None: ...

    async def post(self, *_: object) -> Answer:
        raise AssertionError("nothing is sent here")


@pytest.fixture
async def lived_in(world: World) -> World:
    """Lukasz came by an invitation and left something of everything; root is an admin, and ann's market is open."""
    made = replace(world, sender=_Network())
    for account in ("root", "ann"):
        await made.open(account)
    await made.publish("rain", "ann")
    invited = await made.create_invitation.invite(9, START + timedelta(days=1), frozenset())
    await made.accept_invitation.execute(AcceptInvitationRequest(invited.token, NAME))
    await made.buy("lukasz", "rain", "YES", 3 * MICROS)
    await made.comment("rain", caller("lukasz"), TEXT)
    await made.draft("moving", "lukasz", MarketDefinition(QUESTION))
    await _make_key(made)
    await made.create_webhook.execute(CreateWebhookRequest(caller("lukasz"), Subscription(URL, None, None)))
    await made.create_sign_in_link.execute(CreateSignInLinkRequest(admin("root"), "lukasz"))
    await made.suspend_account.execute(SuspendAccountRequest(admin("root"), "lukasz", made.fresh()))
    await made.restore_account.execute(RestoreAccountRequest(admin("root"), "lukasz", made.fresh()))
    return made


async def _make_key(world: World, by: str = "lukasz") -> str:
    request = CreateApiKeyRequest(caller(by), BOT, frozenset({Scope.READ}), None)
    return (await world.create_api_key.execute(request)).issued.text


async def _forget(world: World, account: str = "lukasz", by: str = "root") -> Forgetting:
    request = ForgetAccountRequest(admin(by), account, world.fresh())
    return (await world.forget_account.execute(request)).forgetting


def _everything(store: MemoryStore) -> str:
    """All that is stored, as one text."""
    return msgspec.json.encode(list(store.records.values())).decode()


async def test_what_goes_and_what_stays(lived_in: World, store: MemoryStore) -> None:
    """No word of theirs is stored anywhere; the id, the money and the shares are as they were."""
    before = _everything(store)
    assert all(word in before for word in WORDS)
    journal, positions = store.every(JournalEntry), store.every(Position)
    forgetting = await _forget(lived_in)
    assert forgetting.removed == Removed(comments=1, drafts=1, api_keys=1, webhooks=1, sign_in_links=1)
    assert (forgetting.account, forgetting.by, forgetting.ended_at) == ("lukasz", "root", START)
    after = _everything(store)
    assert [word for word in WORDS if word in after] == []
    assert (store.every(JournalEntry), store.every(Position)) == (journal, positions)
    assert_balanced(statement_of(store))
    account = (await lived_in.get_account.execute(GetAccountRequest("lukasz"))).account
    assert account.shown_name == "lukasz"
    assert (account.drafts, account.api_keys) == (0, 0)
    await lived_in.draft("moving", "ann")  # the slug is free again


async def test_again(lived_in: World, store: MemoryStore) -> None:
    """The same key, or another: the same answer, and the first admin's deed stays theirs."""
    request = ForgetAccountRequest(admin("root"), "lukasz", lived_in.fresh())
    first = await lived_in.forget_account.execute(request)
    lived_in.clock.advance(timedelta(days=1))
    again = await lived_in.forget_account.execute(request)
    assert (again.forgetting, again.replayed) == (first.forgetting, True)
    assert await _forget(lived_in, by="root") == first.forgetting
    assert await lived_in.forget_account.forget("lukasz") == first.forgetting
    assert store.every(Forgetting) == [first.forgetting]


async def test_who_may(lived_in: World, store: MemoryStore) -> None:
    """An admin, for another account that there is."""
    key = lived_in.fresh()
    for by, account, error in (
        (caller("lukasz"), "lukasz", ForbiddenError),
        (caller("ann"), "lukasz", ForbiddenError),
        (admin("root"), "root", ForbiddenError),
        (admin("root"), "nobody", AccountNotFoundError),
        (admin("stranger"), "lukasz", AccountNotFoundError),
    ):
        with refused(store, error):
            await lived_in.forget_account.execute(ForgetAccountRequest(by, account, key))
    with refused(store, AccountNotFoundError):
        await lived_in.forget_account.forget("nobody")


async def test_nothing_signs_in_any_more(lived_in: World, store: MemoryStore) -> None:
    """Not by a session, a key or a link from before; no admin undoes it, and no other invitation gives the id away."""
    key = await _make_key(lived_in)
    link = await lived_in.create_sign_in_link.execute(CreateSignInLinkRequest(admin("root"), "lukasz"))
    invited = await lived_in.create_invitation.invite(9, START + timedelta(days=1), frozenset())
    session = (await lived_in.accept_sign_in_link.execute(AcceptSignInLinkRequest(link.token))).token
    other = await lived_in.create_sign_in_link.execute(CreateSignInLinkRequest(admin("root"), "lukasz"))
    await _forget(lived_in)
    for credential in (f"Bearer {session}", f"Key {key}"):
        with pytest.raises(BadCredentialError):
            await lived_in.identify(credential)
    with refused(store, BadCredentialError):
        await lived_in.accept_sign_in_link.execute(AcceptSignInLinkRequest(other.token))
    for deed in (
        lived_in.restore_account.execute(RestoreAccountRequest(admin("root"), "lukasz", lived_in.fresh())),
        lived_in.rename_account.execute(RenameAccountRequest(admin("root"), "lukasz", NAME)),
        lived_in.create_sign_in_link.execute(CreateSignInLinkRequest(admin("root"), "lukasz")),
    ):
        with refused(store, ForbiddenError):
            await deed
    back = await lived_in.accept_invitation.execute(AcceptInvitationRequest(invited.token, NAME))
    assert back.account == "lukasz-2"


async def test_a_subject_that_comes_back(lived_in: World) -> None:
    """Whom an issuer still knows is known as suspended: the ledger's id is theirs, and would name its trades anew."""
    await _forget(lived_in, "ann")
    account = await lived_in.found(key_for(Account, "ann"))
    assert account.suspended
    assert (await lived_in.open("ann")) == account
    assert account.name is None


DEEDS: dict[str, Callable[[World, str], Awaitable[object]]] = {
    "comment": lambda world, by: world.comment("rain", caller(by), TEXT),
    "rename": lambda world, by: world.rename_account.execute(RenameAccountRequest(caller(by), by, f"{NAME} II")),
    "draft": lambda world, by: world.draft("moving-again", by, MarketDefinition(QUESTION)),
    "key": _make_key,
    "webhook": lambda world, by: world.create_webhook.execute(
        CreateWebhookRequest(caller(by), Subscription(URL, None, None))
    ),
    "trade": lambda world, by: world.buy(by, "rain", "YES", MICROS),
}


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("account", ["lukasz", "bob"])
async def test_what_is_on_its_way_fails(lived_in: World, store: MemoryStore, deed: str, account: str) -> None:
    """It was decided before and is written after: it is decided again, and refused; also where it is their first."""
    await lived_in.open("bob")
    for other in {"lukasz", "bob"} - {account}:
        await _forget(lived_in, other)
    racing = lived_in.with_faults(
        FaultyUnitOfWork(MemoryUnitOfWork(store), interruptions=[lambda: _forget(lived_in, account)])
    )
    with pytest.raises(ForbiddenError):
        await DEEDS[deed](racing, account)
    assert [word for word in WORDS if word in _everything(store)] == []


ANSWERS: dict[str, Callable[[World], Awaitable[object]]] = {
    "open": lambda world: world.open_account.execute(OpenAccountRequest(caller("lukasz"), world.fresh(), NAME)),
    "suspend": lambda world: world.suspend_account.execute(
        SuspendAccountRequest(admin("root"), "lukasz", world.fresh())
    ),
}


@pytest.mark.parametrize("deed", ANSWERS)
async def test_what_is_answered_on_its_way_names_nobody(lived_in: World, store: MemoryStore, deed: str) -> None:
    """What changes nothing of the account is remembered all the same, and that must not be with the name."""
    await lived_in.suspend_account.execute(SuspendAccountRequest(admin("root"), "lukasz", lived_in.fresh()))
    racing = lived_in.with_faults(
        FaultyUnitOfWork(MemoryUnitOfWork(store), interruptions=[lambda: _forget(lived_in, "lukasz")])
    )
    await ANSWERS[deed](racing)
    assert [word for word in WORDS if word in _everything(store)] == []


class _Trailing(MemoryAdmission):
    """A list of what a person has left that still has a draft they deleted before."""

    async def find_personal(self, account: str, limit: int) -> Sequence[Key[Any]]:
        found = await super().find_personal(account, limit)
        return [*found, key_for(Market, "fog")] if found else found


async def test_a_draft_that_is_somebody_elses_by_now(lived_in: World, store: MemoryStore) -> None:
    """A slug that was free again is another's draft, which stays, whatever a list that trails says."""
    await lived_in.draft("fog", "ann")
    trailing = replace(lived_in, ports=replace(lived_in.ports, admission=_Trailing(store)))
    assert (await _forget(trailing)).removed.drafts == 1
    assert (await lived_in.found(key_for(Market, "fog"))).creator == "ann"
    assert (await lived_in.found(key_for(Account, "ann"))).drafts == 1


async def test_a_draft_that_is_published_just_before(lived_in: World, store: MemoryStore) -> None:
    """It is everybody's by then, and stays as it is."""
    racing = lived_in.with_faults(
        FaultyUnitOfWork(MemoryUnitOfWork(store), interruptions=[lambda: lived_in.publish_drafted("moving", "lukasz")])
    )
    assert (await _forget(racing)).removed.drafts == 0
    assert (await lived_in.found(key_for(Market, "moving"))).name == QUESTION
    assert_balanced(statement_of(store))


@pytest.mark.parametrize("fault", [Fault.KILLED_BEFORE, Fault.KILLED_AFTER])
@pytest.mark.parametrize("commits", range(4))
async def test_a_crash_in_the_middle(lived_in: World, store: MemoryStore, fault: Fault, commits: int) -> None:
    """Whenever it is killed: asking again, with the same key, goes on, and counts each removal once."""
    faulty = lived_in.with_faults(FaultyUnitOfWork(MemoryUnitOfWork(store), [Fault.NONE] * commits + [fault]))
    request = ForgetAccountRequest(admin("root"), "lukasz", lived_in.fresh())
    try:
        await faulty.forget_account.execute(request)
    except KilledError:
        assert commits < 3
    done = (await lived_in.forget_account.execute(request)).forgetting
    assert done.removed == Removed(comments=1, drafts=1, api_keys=1, webhooks=1, sign_in_links=1)
    assert [word for word in WORDS if word in _everything(store)] == []


@pytest.mark.parametrize("fault", [Fault.ANSWER_LOST, Fault.REQUEST_LOST, Fault.CONDITION_FAILED])
async def test_lost_answers(lived_in: World, store: MemoryStore, fault: Fault) -> None:
    """Each removal counts once, whatever becomes of the answers."""
    request = ForgetAccountRequest(admin("root"), "lukasz", lived_in.fresh())
    faulty = lived_in.with_faults(FaultyUnitOfWork(MemoryUnitOfWork(store), [fault, Fault.NONE] * 3))
    done = (await faulty.forget_account.execute(request)).forgetting
    assert done.removed == Removed(comments=1, drafts=1, api_keys=1, webhooks=1, sign_in_links=1)


async def test_who_wrote_very_much(lived_in: World, store: MemoryStore) -> None:
    """One request removes so much; the name is gone at once, and the next request goes on."""
    template: Any = store.every(Comment)[0]
    for number in range(BATCH * ROUNDS + 1):
        store.put(replace(template, id=f"{number:028x}"))
    with pytest.raises(ContentionError):
        await _forget(lived_in)
    assert (await lived_in.found(key_for(Account, "lukasz"))).name is None
    assert (await _forget(lived_in)).removed.comments == BATCH * ROUNDS + 2
    assert store.every(Comment) == []
