import asyncio
from datetime import timedelta

import pytest

from domain.application.discussion.list_comments import ListCommentsRequest
from domain.application.discussion.post_comment import PostCommentRequest
from domain.model.discussion import comment as comment_model
from domain.model.discussion.comment import COMMENTS, WINDOW, Comment, CommentHolding, InvalidCommentError
from domain.model.kernel.caller import Caller
from domain.model.kernel.command import Command
from domain.model.kernel.errors import (
    AccountNotFoundError,
    CommentNotFoundError,
    DomainError,
    ForbiddenError,
    LimitExceededError,
    MarketNotFoundError,
    MarketNotOpenError,
    TooManyRequestsError,
)
from domain.model.kernel.money import MICROS
from tests.fakes.memory import MemoryStore
from tests.fakes.refusals import refused
from tests.fakes.world import World, admin, caller


@pytest.fixture(autouse=True)
async def market(world: World) -> None:
    """Ann has a market and a draft; bob trades, and zoe is an admin."""
    for account in ("ann", "bob", "zoe"):
        await world.open(account)
    await world.draft("draft", "ann")
    await world.publish("rain", "ann")


async def _listed(world: World, slug: str = "rain", by: Caller | None = None) -> tuple[Comment, ...]:
    return (await world.list_comments.execute(ListCommentsRequest(slug, 100, None, by))).page.items


async def test_a_comment_is_listed(world: World) -> None:
    """Newest first, each with its author and time, and the text as it was sent."""
    first = await world.comment("rain", caller("bob"), " Sun! ☀ <b>\u202e ")
    world.clock.advance(timedelta(seconds=1))
    second = await world.comment("rain", caller("ann"))
    assert (first.market, first.account, first.text) == ("rain", "bob", " Sun! ☀ <b>\u202e ")
    assert first.created_at == second.created_at - timedelta(seconds=1)
    assert await _listed(world) == (second, first)


async def test_the_largest_holding(world: World) -> None:
    """What the author held most of when it was written stays; who holds nothing, or nothing any more, has none."""
    assert (await world.comment("rain", caller("bob"))).holding is None
    await world.buy("bob", "rain", "YES", 3 * MICROS)
    await world.buy("bob", "rain", "NO", 5 * MICROS)
    assert (await world.comment("rain", caller("bob"))).holding == CommentHolding("NO", 5 * MICROS)
    await world.sell("bob", "rain", "NO", 5 * MICROS)
    assert (await world.comment("rain", caller("bob"))).holding == CommentHolding("YES", 3 * MICROS)
    await world.sell("bob", "rain", "YES", 3 * MICROS)
    assert (await world.comment("rain", caller("bob"))).holding is None


async def test_when_all_is_decided(world: World) -> None:
    """People go on talking about a market that is closed, and one that is paid out."""
    await world.close("rain", caller("ann"))
    await world.comment("rain", caller("bob"))
    await world.resolve("rain", caller("ann"), "YES")
    await world.settle("rain")
    await world.comment("rain", caller("bob"))
    assert len(await _listed(world)) == 2


@pytest.mark.parametrize("text", ["", " ", "\n\t\u3000", "x" * 2001, "N\x00L"])
async def test_texts_that_are_none(world: World, store: MemoryStore, text: str) -> None:
    """Blank, more than 2 000 characters, or with NUL."""
    with refused(store, InvalidCommentError):
        await world.comment("rain", caller("bob"), text)


@pytest.mark.parametrize(
    ("by", "slug", "error"),
    [
        (caller("nobody"), "rain", AccountNotFoundError),
        (caller("bob"), "snow", MarketNotFoundError),
        (caller("bob"), "draft", MarketNotFoundError),
        (caller("ann"), "draft", MarketNotOpenError),
        (admin("zoe"), "draft", MarketNotOpenError),
    ],
)
async def test_refusals(world: World, store: MemoryStore, by: Caller, slug: str, error: type[DomainError]) -> None:
    """Those without an account, and markets that are not published."""
    with refused(store, error):
        await world.comment(slug, by)


async def test_comments_of_a_draft(world: World) -> None:
    """A draft has none for those who may see it, and is not there for others."""
    assert await _listed(world, "draft", caller("ann")) == ()
    for by in (None, caller("bob")):
        with pytest.raises(MarketNotFoundError):
            await _listed(world, "draft", by)


async def test_ten_a_minute(world: World, store: MemoryStore) -> None:
    """A burst of ten, then one every six seconds; others are not held up, and a refusal says when to go on."""
    for _ in range(COMMENTS):
        await world.comment("rain", caller("bob"))
    with refused(store, TooManyRequestsError) as refusal:
        await world.comment("rain", caller("bob"))
    assert isinstance(refusal.value, TooManyRequestsError)
    assert refusal.value.retry_after_seconds == 6
    await world.comment("rain", caller("ann"))
    world.clock.advance(WINDOW / COMMENTS)
    await world.comment("rain", caller("bob"))
    with refused(store, TooManyRequestsError):
        await world.comment("rain", caller("bob"))


async def test_quiet_hours_are_not_saved_up(world: World, store: MemoryStore) -> None:
    """Whoever has long been silent may write ten at once as well, and no more."""
    await world.comment("rain", caller("bob"))
    world.clock.advance(60 * WINDOW)
    for _ in range(COMMENTS):
        await world.comment("rain", caller("bob"))
    with refused(store, TooManyRequestsError):
        await world.comment("rain", caller("bob"))


async def test_many_at_once(world: World) -> None:
    """Of twelve at the same time ten are written."""
    outcomes = await asyncio.gather(
        *(world.comment("rain", caller("bob")) for _ in range(COMMENTS + 2)), return_exceptions=True
    )
    written = [outcome for outcome in outcomes if isinstance(outcome, Comment)]
    assert len(await _listed(world)) == len(written) <= COMMENTS


async def test_the_same_key_again(world: World) -> None:
    """It is written once, and answered alike, also when it was deleted in the meantime."""
    request = PostCommentRequest(caller("bob"), "rain", "Sun!", world.fresh())
    first = await world.post_comment.execute(request)
    again = await world.post_comment.execute(request)
    assert (again.comment, again.replayed) == (first.comment, True)
    await world.delete(first.comment, caller("bob"))
    assert (await world.post_comment.execute(request)).comment == first.comment
    assert await _listed(world) == ()


@pytest.mark.parametrize("by", [caller("bob"), admin("zoe")])
async def test_deleted_by(world: World, store: MemoryStore, by: Caller) -> None:
    """By its author or an admin it is gone for good; a second time there is nothing to delete."""
    comment, other = await world.comment("rain", caller("bob")), await world.comment("rain", caller("bob"))
    await world.delete(comment, by)
    assert await _listed(world) == (other,)
    assert comment not in store.every(Comment)
    with refused(store, CommentNotFoundError):
        await world.delete(comment, by)


async def test_not_deleted_by(world: World, store: MemoryStore) -> None:
    """Neither somebody else, nor the market's creator, nor somebody without an account may."""
    comment = await world.comment("rain", caller("bob"))
    for by, error in ((caller("ann"), ForbiddenError), (caller("nobody"), AccountNotFoundError)):
        with refused(store, error):
            await world.delete(comment, by)


async def test_of_another_market(world: World, store: MemoryStore) -> None:
    """A comment is found under its own market alone."""
    comment = await world.comment("rain", caller("bob"))
    await world.publish("snow", "ann")
    for slug, error in (("snow", CommentNotFoundError), ("hail", MarketNotFoundError)):
        with refused(store, error):
            await world.delete(Comment(slug, comment.id, "bob", "", None, comment.created_at), caller("bob"))


async def test_how_many_there_may_be(world: World, store: MemoryStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """An account has so many under all markets; deleting one, whoever does it, makes room for another."""
    monkeypatch.setattr(comment_model, "MAX_COMMENTS", 3)
    await world.publish("snow", "ann")
    comments = [await world.comment(slug, caller("bob")) for slug in ("rain", "snow", "rain")]
    with refused(store, LimitExceededError):
        await world.comment("snow", caller("bob"))
    await world.comment("rain", caller("ann"))
    for by in (caller("bob"), admin("zoe")):
        await world.delete(comments.pop(), by)
        await world.comment("snow", caller("bob"))
        with refused(store, LimitExceededError):
            await world.comment("rain", caller("bob"))


async def test_a_comment_is_kept_once(world: World, store: MemoryStore) -> None:
    """What is remembered of it is without its text, which whoever repeats the request sends again."""
    await world.comment("rain", caller("bob"), "Sun! ☀")
    remembered = [command.answer for command in store.every(Command) if isinstance(command.answer, Comment)]
    assert [comment.text for comment in remembered] == [""]
