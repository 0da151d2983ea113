from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from starlette.responses import Response

from hunch_client import Hunch, HunchError, ProblemError, UnreachableError, connection
from tests.integration.clients.conftest import Client, Network
from tests.integration.embedded.commands.instance import MARKET, OUTCOMES, TRADES, Running
from tests.integration.embedded.server import wait_until


def published(hunch: Hunch, slug: str) -> str:
    """A new market that trades."""
    hunch.create_market(slug, "Will it snow?", tags=["weather"])
    hunch.publish_market(slug)
    return slug


def refusal(status: int, code: str, retry_after: str | None = None) -> Response:
    """An answer that an instance in trouble gives."""
    body = f'{{"type":"about:blank","title":"Trouble","status":{status},"instance":"/","code":"{code}"}}'
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return Response(body, status, headers, "application/problem+json")


def test_a_market_lives_and_is_paid(client: Client) -> None:
    """Draft, publish, quote, buy at the quote, sell, resolve, and the winner is paid: exact, with types."""
    creator, trader = client("life-creator"), client("life-trader")
    closes_at = datetime.now(UTC) + timedelta(days=1)
    draft = creator.create_market("life", "Will it?", rules="As seen.", liquidity=Decimal("50.5"), closes_at=closes_at)
    assert (draft.status, draft.closes_at, draft.liquidity) == ("DRAFT", closes_at, Decimal("50.5"))
    assert creator.edit_market("life", name="Will it rain?").name == "Will it rain?"
    assert creator.publish_market("life").prices == {"YES": Decimal("0.5"), "NO": Decimal("0.5")}

    quote = trader.quote("life", "YES", spend=20)
    order = trader.place_order("life", "YES", spend="20", version=quote.version)
    assert (order.status, order.amount, order.filled_quantity) == ("filled", quote.amount, quote.quantity)
    assert order.trades[0].prices_after == quote.prices_after
    sold = trader.place_order("life", "YES", side="sell", quantity=1)
    portfolio = trader.portfolio()
    assert order.amount is not None
    assert sold.amount is not None
    assert portfolio.balance == sold.balance == 1000 - order.amount + sold.amount
    assert [(position.market, position.quantity) for position in portfolio.positions] == [("life", quote.quantity - 1)]
    assert [trade.version for trade in trader.trades("life")] == [2, 1]
    assert [trade.id for trade in trader.my_trades()] == [trade.id for trade in trader.trades("life")]
    assert trader.order(order.id) == order
    assert [(holder.account, holder.quantity) for holder in trader.holders("life")] == [
        ("life-trader", quote.quantity - 1)
    ]
    now = datetime.now(UTC)
    (candle,) = trader.prices("life", "1d", now - timedelta(days=1), now + timedelta(days=1))
    assert candle.volume == order.amount + sold.amount
    assert candle.outcomes["YES"].high == quote.prices_after["YES"]

    assert creator.resolve_market("life", {"YES": "1", "NO": 0}).resolution is not None
    wait_until(lambda: trader.market("life").status == "RESOLVED")
    assert trader.portfolio().balance == portfolio.balance + quote.quantity - 1
    assert next(trader.journal()).kind == "payout"
    assert trader.audit().difference == 0


def test_lists_give_each_item_once(instance: Running, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the page's size, an iterator gives what the API lists, and fetches no page before it is reached."""
    monkeypatch.setattr(connection, "PAGE", 4)
    shown = instance.http.get(f"/v1/markets/{MARKET}/trades?limit=100").json()["trades"]
    hunch = client()
    assert [trade.id for trade in hunch.trades(MARKET)] == [trade["id"] for trade in shown]
    assert next(hunch.trades(MARKET)).version == shown[0]["version"] >= TRADES
    assert [market.slug for market in hunch.markets(creator="ann")] == [MARKET]


def test_only_the_first_page_is_fetched_for_the_first_item(
    client: Client, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading one item of a long list costs one request."""
    monkeypatch.setattr(connection, "PAGE", 4)
    next(client().trades(MARKET))
    assert len(network.sent) == 1


def test_a_name_with_any_signs_is_traded(client: Client) -> None:
    """Outcomes with quotes, umlauts and line feeds arrive as they are."""
    trader = client("signs")
    for outcome in OUTCOMES:
        assert trader.place_order(MARKET, outcome, quantity="0.000001").outcome == outcome


@pytest.mark.parametrize("lost", [1, 4])
def test_an_order_whose_answer_is_lost_is_traded_once(
    client: Client, network: Network, pauses: list[float], lost: int
) -> None:
    """Every attempt carries the same key: the answer comes in the end, and there is one trade."""
    trader = client(f"lost-{lost}")
    network.lost = lost
    slug = published(client(f"lost-creator-{lost}"), f"lost-{lost}")
    network.sent.clear()
    pauses.clear()
    network.lost = lost
    order = trader.place_order(slug, "YES", quantity=5)
    assert (order.status, len(list(trader.my_trades()))) == ("filled", 1)
    keys = {request.headers["Idempotency-Key"] for request in network.sent if request.method == "POST"}
    assert (len(keys), len(pauses)) == (1, lost)
    assert pauses == sorted(pauses)


def test_an_order_of_unknown_outcome_names_the_key_that_tells(client: Client, network: Network) -> None:
    """When no answer ever comes, the error carries the key, and repeating with it trades nothing more."""
    slug = published(client("unknown-creator"), "unknown")
    trader = client("unknown")
    network.lost = 5
    with pytest.raises(UnreachableError) as caught:
        trader.place_order(slug, "NO", spend=10)
    assert (caught.value.code, bool(caught.value.key)) == ("unreachable", True)
    assert trader.place_order(slug, "NO", spend=10, key=caught.value.key).status == "filled"
    assert len(list(trader.my_trades())) == 1


def test_what_was_never_sent_is_known_not_to_be_done(client: Client, network: Network) -> None:
    """Without a connection there is no doubt, and so no key."""
    trader = client("unsent")
    network.unsent = 5
    with pytest.raises(UnreachableError) as caught:
        trader.place_order(MARKET, OUTCOMES[0], quantity=1)
    assert (caught.value.key, network.sent) == (None, [])


def test_retry_after_is_kept(instance: Running, client: Client, pauses: list[float]) -> None:
    """A busy instance says when to come back: after a 503 and a 429 the order is placed."""
    trader = client("patient")
    instance.meddler.answers += [refusal(503, "contention", "7"), refusal(429, "too-many-requests", "2")]
    assert trader.place_order(MARKET, OUTCOMES[0], quantity=1).status == "filled"
    assert pauses == [7.0, 2.0]


@pytest.mark.parametrize(("status", "code"), [(429, "too-many-requests"), (503, "degraded")])
def test_a_retry_after_that_is_too_long_is_raised(
    instance: Running, client: Client, pauses: list[float], status: int, code: str
) -> None:
    """Nobody sleeps for an hour; a 5xx leaves it open whether it was done, a 429 does not."""
    trader = client("hurried")
    instance.meddler.answers.append(refusal(status, code, "3600"))
    with pytest.raises(ProblemError) as caught:
        trader.place_order(MARKET, OUTCOMES[0], quantity=1)
    assert (caught.value.code, caught.value.status, bool(caught.value.key)) == (code, status, status == 503)
    assert pauses == []


def test_what_honours_no_key_is_not_sent_twice(client: Client, network: Network) -> None:
    """A bot key is made by the first request, whose answer is lost: a second would make another."""
    owner = client("keys")
    network.lost = 1
    with pytest.raises(UnreachableError):
        owner.create_api_key("bot", ["read", "trade"])
    (made,) = owner.api_keys()
    assert (made.name, set(made.scopes)) == ("bot", {"read", "trade"})
    network.lost = 1
    owner.revoke_api_key(made.id)
    assert list(owner.api_keys()) == []


def test_events_are_told_in_order_and_as_they_happen(client: Client) -> None:
    """What happened, and what happens while somebody listens."""
    creator, trader = client("events-creator"), client("events-trader")
    slug = published(creator, "events")
    order = trader.place_order(slug, "YES", quantity=1)
    happened = list(trader.events(slug))
    assert [(event.position, event.type) for event in happened] == [(1, "market.published"), (2, "trade")]
    assert happened[1].trade == order.trades[0]
    stream = trader.stream(slug, after=1)
    assert next(stream).trade == order.trades[0]
    creator.close_market(slug)
    assert next(stream).type == "market.closed"
    stream.close()


def test_a_bot_key_signs_in(instance: Running, client: Client) -> None:
    """A key trades for its owner, within its scopes."""
    made = client("bot-owner").create_api_key("bot", ["read"])
    with Hunch(instance.url, made.key) as bot:
        assert bot.portfolio().account == "bot-owner"
        with pytest.raises(ProblemError) as caught:
            bot.place_order(MARKET, OUTCOMES[0], quantity=1)
    assert (caught.value.code, caught.value.status) == ("forbidden", 403)


def test_refusals_have_codes(client: Client) -> None:
    """What the instance refuses is an exception that says why, and changed nothing."""
    trader = client("refused")
    with pytest.raises(ProblemError, match="insufficient-funds: ") as caught:
        trader.place_order(MARKET, OUTCOMES[0], spend=1001)
    assert (caught.value.status, caught.value.key) == (422, None)
    with pytest.raises(ProblemError) as caught:
        trader.place_order(MARKET, OUTCOMES[0])
    assert (caught.value.code, bool(caught.value.errors)) == ("validation-failed", True)
    with pytest.raises(HunchError, match="market-not-found"):
        client().market("no-such-market")
    with pytest.raises(ProblemError, match="unauthenticated"):
        client().portfolio()
    assert trader.portfolio().balance == 1000


def test_an_admin_grants_once(client: Client) -> None:
    """The same key grants once, whoever asks again."""
    client("granted")
    admin = client("granting", "admin")
    entries = {admin.grant("granted", Decimal("1E+2"), "Won the quiz.", key="quiz-1") for _ in range(2)}
    (entry,) = entries
    assert (entry.amount, entry.balance_after) == (Decimal(100), Decimal(1100))


def test_floats_are_refused(client: Client) -> None:
    """A float is not the number that was written; text that is no number never leaves."""
    trader = client("floats")
    inexact: Any = 0.1
    with pytest.raises(TypeError, match="not exact"):
        trader.place_order(MARKET, OUTCOMES[0], spend=inexact)
    with pytest.raises(ValueError, match="no number"):
        trader.place_order(MARKET, OUTCOMES[0], spend="ten")


@pytest.mark.parametrize("key", ["", "two words", "ü", "k" * 256])
def test_a_key_that_is_none_is_refused(client: Client, key: str) -> None:
    """An empty key is not a missing one, for which a new one would be made at every call."""
    trader = client("keyless")
    with pytest.raises(ValueError, match="idempotency key"):
        trader.place_order(MARKET, OUTCOMES[0], spend=1, key=key)
    assert list(trader.my_trades()) == []


def test_the_version_is_that_of_the_instance(client: Client) -> None:
    """Whether it works, and as what."""
    assert client().version()
