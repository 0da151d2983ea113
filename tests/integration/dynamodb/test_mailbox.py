import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.application.trading.place_order import PlaceOrderRequest
from domain.model.kernel.command import Idempotency, Refusal
from domain.model.kernel.errors import ContentionError, InsufficientFundsError, RememberedRefusalError
from domain.model.kernel.money import MICROS
from domain.model.trading.order import Order, OrderTerms
from domain.model.trading.trade import Side
from functions.adapter.out.dynamodb.items import to_item
from functions.adapter.out.dynamodb.mailbox.leader import MOST, SERVICE_SECONDS
from functions.adapter.out.dynamodb.mailbox.mail import CROWDED, FULL, PATIENCE, TERM
from tests.fakes.clock import FakeClock
from tests.fakes.world import caller
from tests.integration.dynamodb.mailbox import MARKET, PURCHASE, REFUSED_ALONE, Process
from tests.integration.dynamodb.recording import Failure, cancelled, timed_out
from tests.simulation.store import TABLES

TOO_MUCH = OrderTerms("YES", Side.BUY, quantity=10**6 * MICROS)
TRADERS = tuple(f"trader-{number:02}" for number in range(25))


def run_through(coroutine: Coroutine[Any, Any, object]) -> None:
    """Run a coroutine that waits for nothing but the manual clock, in the middle of another's call."""
    with suppress(StopIteration):
        while True:
            coroutine.send(None)


async def _full_mailbox() -> Process:
    """A process, and everybody's order but the last one's in the mailbox: more than fit a transaction."""
    process = Process()
    await process.begin(*TRADERS)
    for trader in TRADERS[:-1]:
        await process.send(trader)
        process.clock.advance(timedelta(milliseconds=1))
    return process


@pytest.fixture
async def process() -> Process:
    """A process, and a market in which bob and carol may trade."""
    process = Process()
    await process.begin("bob", "carol")
    return process


async def test_a_collision_leads_to_the_mailbox(process: Process) -> None:
    """Who collides once takes the lease, trades by way of the mailbox, and leaves neither lease nor mail behind."""
    process.meet()
    order = await process.buy("bob")
    assert process.trades() == [(1, "bob")]
    assert order.trades[0].version == 1
    assert process.client.operations() == [
        *("batch_get_item", "transact_write_items"),
        *("query", "put_item", "batch_get_item", "put_item"),
        *("query", "batch_get_item", "transact_write_items"),
        *("delete_item", "batch_get_item"),
    ]
    assert process.transactions() == [5, 6]
    assert (process.mail(), process.lease()) == ([], None)


async def test_a_busy_account_is_no_crowd(process: Process) -> None:
    """Whose own account has met another request tries again, and disturbs nobody's book."""
    process.meet(None, "TransactionConflict", None, None, None)
    await process.buy("bob")
    assert process.client.operations() == ["batch_get_item", "transact_write_items"] * 2


async def test_under_a_lease_nobody_trades_directly(process: Process) -> None:
    """A message waits until the lease is over, and its sender leads then."""
    process.put_lease(timedelta(seconds=1))
    await process.buy("bob")
    assert sum(process.clock.slept) >= 1
    assert process.transactions() == [6]
    assert process.trades() == [(1, "bob")]


async def test_a_refusal_needs_no_mailbox(process: Process) -> None:
    """What the book, as it is, refuses is refused at once and not remembered."""
    process.put_lease(timedelta(seconds=1))
    with pytest.raises(InsufficientFundsError):
        await process.buy("bob", TOO_MUCH)
    assert (process.mail(), process.clock.slept) == ([], [])


async def test_many_orders_are_one_transaction() -> None:
    """A leader commits nineteen orders, in the order of their sending, in 96 items; then the next."""
    process = await _full_mailbox()
    process.meet()
    await process.buy(TRADERS[-1])
    assert process.transactions() == [5, 1 + 5 * MOST, 1 + 5 * (len(TRADERS) - MOST)]
    assert process.trades() == list(enumerate(TRADERS, start=1))
    assert process.mail() == []


async def test_the_next_orders_are_decided_while_a_full_transaction_is_written() -> None:
    """Nothing is read again for them but the mailbox and what the transaction in flight does not write."""
    process = await _full_mailbox()
    process.meet()
    await process.buy(TRADERS[-1])
    assert process.client.operations()[-9:] == [
        *("query", "batch_get_item", "transact_write_items"),
        *("query", "batch_get_item", "transact_write_items"),
        *("query", "put_item", "batch_get_item"),
    ]
    first, second = process.keys_read()[-3:-1]
    assert (first, second) == (2 + 3 * MOST, 3 * (len(TRADERS) - MOST))
    assert process.transactions() == [5, 1 + 5 * MOST, 1 + 5 * (len(TRADERS) - MOST)]


@pytest.mark.parametrize("failure", [Failure(cancelled("TransactionConflict", *[None] * 95)), Failure(timed_out())])
async def test_what_follows_from_a_failure_is_decided_anew(failure: Failure) -> None:
    """What was decided over a transaction that was not written is forgotten, and so is what that one would answer."""
    process = await _full_mailbox()
    process.clock.advance(timedelta(seconds=-1))
    process.meet()
    process.client.plan("transact_write_items", failure)
    order = await process.buy(TRADERS[-1])
    assert order.trades[0].version == 1
    assert process.transactions() == [5, 1 + 5 * MOST, 1 + 5 * MOST, 1 + 5 * (len(TRADERS) - MOST)]
    assert process.trades() == list(enumerate([TRADERS[-1], *TRADERS[:-1]], start=1))


async def test_a_full_mailbox_takes_no_more() -> None:
    """Where a whole transaction of messages has waited for so long, another is refused at once and leaves nothing."""
    process = await _full_mailbox()
    process.clock.advance(FULL)
    process.put_lease(timedelta(seconds=1))
    waiting = process.mail()
    with pytest.raises(ContentionError):
        await process.buy(TRADERS[-1])
    assert (process.mail(), process.clock.slept) == (waiting, [])


async def test_a_few_that_wait_for_long_do_not_fill_a_mailbox() -> None:
    """Perhaps nobody can carry them out; the next message is taken."""
    process = await _full_mailbox()
    for mail in process.mail()[MOST - 1 :]:
        await process.postbox.take_back(mail)
    process.clock.advance(FULL)
    process.meet()
    await process.buy(TRADERS[-1])
    assert len(process.trades()) == MOST


async def test_an_account_may_wait_several_times(process: Process) -> None:
    """Each order sees what those before it have left, of the account and of the position too."""
    for number in range(3):
        await process.send("carol", key=f"key-{number}")
    process.clock.advance(timedelta(milliseconds=1))
    process.meet()
    await process.buy("bob")
    assert process.trades() == [(1, "carol"), (2, "carol"), (3, "carol"), (4, "bob")]
    assert await process.held("carol") == 3 * MICROS


async def test_a_message_that_was_sent_twice_is_done_once(process: Process) -> None:
    """The second one stays for its sender, who learns by it of its twin, or until its deadline."""
    first, second = await process.send("carol"), await process.send("carol")
    process.meet()
    await process.buy("bob")
    assert [account for _, account in process.trades()] == ["carol", "bob"]
    (left,) = process.mail()
    assert left.place in (first.place, second.place)
    process.clock.advance(PATIENCE)
    process.meet()
    await process.buy("bob")
    assert [account for _, account in process.trades()] == ["carol", "bob", "bob"]
    assert process.mail() == []


@pytest.mark.parametrize("has_twin", [False, True])
async def test_whose_message_was_carried_out(process: Process, has_twin: bool) -> None:
    """Of two requests under one key the second is told that it is a repetition; its message is not left behind."""
    if has_twin:
        await process.send("carol")
        process.clock.advance(timedelta(milliseconds=1))
    process.meet()
    request = PlaceOrderRequest(caller("carol"), MARKET, PURCHASE, Idempotency("mailed", "mailed"))
    assert (await process.world.place_order.execute(request)).replayed is has_twin
    assert process.trades() == [(1, "carol")]
    assert process.mail() == []


async def test_the_refusal_of_a_message_is_remembered(process: Process) -> None:
    """It is an answer that its sender finds, and it keeps nobody else from trading."""
    await process.send("carol", TOO_MUCH)
    process.meet()
    await process.buy("bob")
    command = await process.command("carol")
    assert command is not None
    assert isinstance(command.answer, Refusal)
    assert command.answer.code == InsufficientFundsError.code
    assert process.trades() == [(1, "bob")]
    assert process.mail() == []


async def test_a_leader_may_be_refused_itself(process: Process) -> None:
    """What those before it bought has made it too dear; it has released its lease."""
    for number in range(3):
        await process.send("carol", OrderTerms("YES", Side.BUY, spend=300 * MICROS), key=f"key-{number}")
    process.clock.advance(timedelta(milliseconds=1))
    process.meet()
    with pytest.raises(RememberedRefusalError):
        await process.buy("bob", replace(PURCHASE, limit_price=510_000))
    assert [account for _, account in process.trades()] == ["carol"] * 3
    lease = process.lease()
    assert lease is not None
    assert lease.until == 0


async def test_a_busy_account_holds_up_nobody_else(process: Process) -> None:
    """An order whose account is busy in another market is passed over, and done with the next transaction."""
    await process.send("carol")
    process.clock.advance(timedelta(milliseconds=1))
    process.meet()
    # The items are the book, then carol's account, position, entry, command and mail, then bob's.
    process.meet(None, "TransactionConflict", *[None] * 9)
    await process.buy("bob")
    assert process.transactions() == [5, 11, 6, 6]
    assert process.trades() == [(1, "bob"), (2, "carol")]


async def test_a_busy_book_is_read_again(process: Process) -> None:
    """Two leaders, or a leader and somebody who trades directly: one of them decides everything anew."""
    await process.send("carol")
    process.meet()
    process.meet("ConditionalCheckFailed", *[None] * 10)
    await process.buy("bob")
    assert process.transactions() == [5, 11, 11]
    assert sorted(account for _, account in process.trades()) == ["bob", "carol"]


async def test_an_account_that_has_changed_is_read_again(process: Process) -> None:
    """What the leader read of an account is a condition of its transaction."""
    await process.send("carol")
    process.meet()
    read = process.client.batch_get_item

    def change_after_reading(**parameters: Any) -> Any:
        answer = read(**parameters)
        if len(parameters["RequestItems"][TABLES.core]["Keys"]) > 5:
            process.client.__dict__.pop("batch_get_item")
            item = process.store.items[TABLES.core, "A#carol", "P"]
            process.store.put_item(TableName=TABLES.core, Item={**item, "seq": {"N": "9"}})
        return answer

    process.client.__dict__["batch_get_item"] = change_after_reading
    await process.buy("bob")
    assert process.transactions() == [5, 11, 6, 6]
    assert sorted(account for _, account in process.trades()) == ["bob", "carol"]


async def test_nothing_is_answered_before_it_is_written(process: Process) -> None:
    """A leader whose transaction was cancelled has no answer yet, not even for itself."""
    process.meet()
    process.meet("TransactionConflict", *[None] * 5)
    await process.buy("bob")
    assert process.transactions() == [5, 6, 6]
    assert process.trades() == [(1, "bob")]


@pytest.mark.parametrize("is_done", [True, False])
async def test_a_lost_answer_of_many(process: Process, is_done: bool) -> None:
    """Whether or not the large transaction was written, each order is done once."""
    await process.send("carol")
    process.clock.advance(timedelta(milliseconds=1))
    process.meet()
    process.client.plan("transact_write_items", Failure(timed_out(), is_done=is_done))
    order = await process.buy("bob")
    assert process.trades() == [(1, "carol"), (2, "bob")]
    assert order.trades[0].version == 2
    assert process.mail() == []


@pytest.mark.parametrize("is_done", [True, False])
async def test_a_lost_answer_of_the_sending(process: Process, is_done: bool) -> None:
    """The message is in the mailbox once."""
    process.meet()
    process.client.plan("put_item", Failure(timed_out(), is_done=is_done))
    await process.buy("bob")
    assert process.transactions() == [5, 6]
    assert process.trades() == [(1, "bob")]


async def test_orphans_are_never_carried_out(process: Process) -> None:
    """Mail past its deadline is removed, and its order was never placed."""
    await process.send("carol")
    process.clock.advance(PATIENCE)
    process.meet()
    await process.buy("bob")
    assert process.trades() == [(1, "bob")]
    assert process.mail() == []
    assert await process.command("carol") is None


async def test_orphans_do_not_fill_the_mailbox() -> None:
    """A leader that finds nothing else goes on behind them."""
    process = Process()
    await process.begin(*TRADERS)
    for trader in TRADERS[:-1]:
        await process.send(trader)
    process.clock.advance(PATIENCE)
    process.meet()
    await process.buy(TRADERS[-1])
    assert process.trades() == [(1, TRADERS[-1])]
    assert process.mail() == []


async def test_a_leader_that_died_is_replaced(process: Process) -> None:
    """Its lease holds for a term, by whatever clock it was made, and what it left in the mailbox is carried out."""
    await process.send("carol")
    process.clock.advance(timedelta(milliseconds=1))
    process.put_lease(timedelta(hours=1))
    await process.buy("bob")
    assert TERM.total_seconds() <= sum(process.clock.slept) < TERM.total_seconds() + 0.1
    assert process.trades() == [(1, "carol"), (2, "bob")]


async def test_giving_up_takes_the_message_back(process: Process) -> None:
    """After five seconds the order is refused as contention, and nobody will ever carry it out."""
    process.meet()
    process.client.plan("put_item", None, *[REFUSED_ALONE] * 1000)
    with pytest.raises(ContentionError):
        await process.buy("bob")
    assert PATIENCE.total_seconds() <= sum(process.clock.slept) < PATIENCE.total_seconds() + 0.1
    assert (process.mail(), process.trades()) == ([], [])


async def test_a_message_that_is_gone_was_answered(process: Process) -> None:
    """Whoever finds no message to take back looks for the command once more."""
    process.meet()
    process.client.plan("put_item", None, *[REFUSED_ALONE] * 1000)
    take_back = process.client.delete_item
    other = Process(process.store, seed=1)

    def carry_out_first(**parameters: Any) -> Any:
        """Another leader is just in time."""
        other.client.calls.clear()
        other.meet()
        run_through(other.buy("carol"))
        return take_back(**parameters)

    process.client.__dict__["delete_item"] = carry_out_first
    request = PlaceOrderRequest(caller("bob"), MARKET, PURCHASE, Idempotency("late", "late"))
    assert not (await process.world.place_order.execute(request)).replayed
    assert sorted(account for _, account in process.trades()) == ["bob", "carol"]


async def test_nobody_executes_what_was_taken_back(process: Process) -> None:
    """A leader that has decided a message already fails on its absence, and does the others."""
    mail = await process.send("carol")
    process.clock.advance(timedelta(milliseconds=1))
    process.meet()
    read = process.client.batch_get_item

    def take_back_after_reading(**parameters: Any) -> Any:
        if len(parameters["RequestItems"][TABLES.core]["Keys"]) > 5:
            process.client.__dict__.pop("batch_get_item")
            item = to_item(mail)
            process.store.delete_item(TableName=TABLES.core, Key={name: item[name] for name in ("PK", "SK")})
        return read(**parameters)

    process.client.__dict__["batch_get_item"] = take_back_after_reading
    await process.buy("bob")
    assert process.trades() == [(1, "bob")]
    assert await process.command("carol") is None


async def test_one_leads_and_the_others_follow() -> None:
    """Of many that wait one leads, and all the others get their answers from it, none as a repetition."""
    process = Process()
    await process.begin(*TRADERS)
    processes = [Process(process.store, process.clock, seed) for seed in range(3)]
    process.put_lease(timedelta(seconds=0.1))
    orders: list[Order] = await asyncio.gather(
        *(each.buy(trader) for each, trader in zip(processes, TRADERS, strict=False))
    )
    assert sorted(order.trades[0].version for order in orders) == [1, 2, 3]
    leaders = [each for each in processes if each.transactions()]
    assert len(leaders) == 1
    assert process.mail() == []


async def test_after_a_crowd_the_mailbox_comes_first(process: Process) -> None:
    """For a second after a busy term nobody tries directly; who then leads alone ends it."""
    await process.send("carol")
    process.meet()
    await process.buy("bob")
    process.client.calls.clear()
    await process.buy("bob")
    assert process.transactions() == [6]
    assert process.lease() is None
    await process.buy("bob")
    assert process.transactions() == [6, 5]


async def test_a_crowd_ends_by_itself(process: Process) -> None:
    """A while after the last busy term orders are traded directly."""
    await process.send("carol")
    process.meet()
    await process.buy("bob")
    process.clock.advance(CROWDED)
    process.client.calls.clear()
    await process.buy("bob")
    assert process.transactions() == [5]


async def test_a_leader_serves_others_for_a_while_only() -> None:
    """A quarter of a second after its own order is done it releases the lease, although others still wait."""
    process = Process()
    await process.begin(*TRADERS)
    process.meet()
    query, sent = process.client.query, iter(range(1000))

    def another_comes(**parameters: Any) -> Any:
        """Between two transactions two more messages arrive, and time goes by."""
        process.clock.advance(timedelta(seconds=SERVICE_SECONDS / 4))
        for _ in range(2):
            item = to_item(replace(template, place=f"{template.place}{next(sent):03}"))
            item["message"]["M"]["idempotency"]["M"]["key"] = {"S": f"key-{next(sent)}"}
            process.store.put_item(TableName=TABLES.core, Item=item)
        return query(**parameters)

    template = await process.send("trader-01")
    process.client.__dict__["query"] = another_comes
    await process.buy(TRADERS[-1])
    assert len(process.transactions()) in {5, 6}
    lease = process.lease()
    assert lease is not None
    assert lease.until == 0


async def test_what_cannot_be_decided_is_left_to_its_sender(process: Process) -> None:
    """A message that breaks the decision, or of a form from the future, keeps nobody else from trading."""
    broken = await process.send("carol", replace(PURCHASE, quantity=None))
    unknown = to_item(replace(broken, place=f"{broken.place}0", message={"terms": "in Latin"}))
    later = {**to_item(replace(broken, place=f"{broken.place}1")), "schema": {"N": "99"}}
    for item in (unknown, later):
        process.store.put_item(TableName=TABLES.core, Item=item)
    process.meet()
    await process.buy("bob")
    assert process.trades() == [(1, "bob")]
    assert len([place for place in process.store.items if place[1] == f"Q#{MARKET}"]) == 3


async def test_a_slow_clock_carries_nothing_out_twice() -> None:
    """A leader whose clock is behind may find mail that is overdue for its sender, which is there until taken back."""
    process = Process()
    await process.begin("bob", "carol")
    mail = await process.send("carol")
    behind = Process(process.store, FakeClock(process.clock.instant - timedelta(seconds=4)), seed=1)
    assert await process.postbox.take_back(mail)
    behind.meet()
    await behind.buy("bob")
    assert not await process.postbox.take_back(mail)
    assert behind.trades() == [(1, "bob")]
