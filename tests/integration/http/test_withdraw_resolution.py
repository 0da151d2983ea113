"""Time for appeals, and decisions that are taken back in it."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.integration.http.client import Api, Caller, eventually
from tests.integration.http.conftest import StartApp
from tests.integration.http.contract import MARKET_MEMBERS, answer, problem

pytestmark = pytest.mark.asyncio(loop_scope="module")


def _path(slug: str) -> str:
    return f"/v1/markets/{slug}/withdraw-resolution"


@pytest.mark.contract("appeals")
async def test_withdraw(start_app: StartApp) -> None:
    """→ 200 market, CLOSED again with `resolution` null; it is decided anew then. The same for a void."""
    async with start_app(appeal_minutes="60") as api:
        creator, admin, trader = await api.open_account(), await api.open_account("admin"), await api.open_account()
        slug = await api.published_market(creator)
        answer(await trader.order(slug, quantity="10"), 201)
        problem(await creator.post(_path(slug)), 409, "market-not-open")
        decided = answer(await creator.resolve(slug, outcome="YES", reason="See example.com."), 202)
        resolution = decided["resolution"]
        assert resolution.keys() == {"payouts", "reason", "resolved_at", "settles_at"}
        assert resolution["reason"] == "See example.com."
        given = datetime.fromisoformat(resolution["settles_at"]) - datetime.fromisoformat(resolution["resolved_at"])
        assert given == timedelta(hours=1)
        problem(await trader.post(_path(slug)), 403, "forbidden")
        market = answer(await creator.post(_path(slug)), 200)
        assert market.keys() == MARKET_MEMBERS
        assert (market["status"], market["resolution"]) == ("CLOSED", None)
        answer(await admin.void(slug), 202)
        assert answer(await admin.post(_path(slug)), 200)["status"] == "CLOSED"
        answer(await creator.reopen(slug), 200)
        answer(await trader.order(slug, "NO", quantity="1"), 201)


@pytest.mark.contract("appeals")
async def test_without_appeals(api: Api) -> None:
    """Where the setting is 0 `settles_at` is the time of the decision, which stands: already-resolved."""
    creator = await api.open_account()
    slug = await api.published_market(creator)
    resolution = answer(await creator.resolve(slug, outcome="YES"), 202)["resolution"]
    assert resolution["settles_at"] == resolution["resolved_at"]
    assert resolution["reason"] is None
    problem(await creator.post(_path(slug)), 409, "already-resolved")
    await creator.settled(slug)
    problem(await creator.post(_path(slug)), 409, "already-resolved")


async def test_paid_when_the_time_has_come(start_app: StartApp) -> None:
    """Nothing is paid before `settles_at`; from then on it is, and can no longer be withdrawn."""
    async with start_app(appeal_minutes="60") as api:
        creator, trader = await api.open_account(), await api.open_account()
        slug = await api.published_market(creator)
        order = answer(await trader.order(slug, quantity="10"), 201)
        answer(await creator.resolve(slug, outcome="YES"), 202)
        api.clock.advance(timedelta(minutes=59))
        assert (await api.anyone.market(slug))["status"] == "SETTLING"
        trader, creator = await api.sign_in(account=trader.account), await api.sign_in(account=creator.account)
        assert await trader.holds(slug) == {"YES": 10}
        api.clock.advance(timedelta(minutes=1))
        assert (await api.anyone.settled(slug))["status"] == "RESOLVED"
        problem(await creator.post(_path(slug)), 409, "already-resolved")
        paid = Decimal(order["balance"]) + 10
        await eventually(trader.balance, lambda balance: balance == paid)


@pytest.mark.parametrize("reason", ["r", "r" * 1000, "🌧" * 1000])
async def test_reasons(api: Api, reason: str) -> None:
    """`reason` 1–1 000 code points beside the outcome or the payouts."""
    creator = await api.open_account()
    slug = await api.published_market(creator)
    decided = answer(await creator.resolve(slug, payouts={"YES": "0.5", "NO": "0.5"}, reason=reason), 202)
    assert decided["resolution"]["reason"] == reason


@pytest.mark.parametrize("reason", ["", "r" * 1001, "\x00", None, 1])
async def test_reasons_that_are_none(member: Caller, open_market: str, reason: Any) -> None:
    """Anything else there is a 400."""
    body = {"outcome": "YES", "reason": reason}
    response = await member.post(f"/v1/markets/{open_market}/resolve", body)
    problem(response, 400, "validation-failed", ["reason"])


async def test_a_reason_alone(member: Caller, open_market: str) -> None:
    """A reason decides nothing."""
    response = await member.post(f"/v1/markets/{open_market}/resolve", {"reason": "Because."})
    problem(response, 400, "validation-failed", ["outcome"])
