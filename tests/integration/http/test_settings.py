"""What an instance may set."""

from decimal import Decimal

import pytest

from tests.integration.http.conftest import StartApp
from tests.integration.http.contract import answer, problem

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.contract("open account")
@pytest.mark.parametrize("grant", ["0", "0.000001", "250", "1000000000"])
async def test_starting_grant(start_app: StartApp, grant: str) -> None:
    """The starting grant is a setting."""
    async with start_app(starting_grant=grant) as api:
        caller = await api.sign_in()
        account = answer(await caller.post("/v1/accounts"), 201)
        assert Decimal(account["balance"]) == Decimal(grant)


@pytest.mark.contract("names", "422")
async def test_balance_limit(start_app: StartApp) -> None:
    """A balance never exceeds 10⁹ credits: a sale beyond it is 422 balance-limit-exceeded and changes nothing."""
    async with start_app(starting_grant="1000000000") as api:
        ann, bob = await api.open_account(), await api.open_account()
        slug = await api.published_market()
        answer(await ann.order(slug, quantity="10"), 201)
        answer(await bob.order(slug, quantity="100"), 201)
        before = await api.anyone.market(slug)
        problem(await ann.order(slug, side="sell", quantity="10"), 422, "balance-limit-exceeded")
        assert await api.anyone.market(slug) == before
        assert await ann.holds(slug) == {"YES": 10}
        answer(await ann.order(slug, side="sell", quantity="5"), 201)


@pytest.mark.contract("names")
async def test_enormous_market(start_app: StartApp) -> None:
    """The largest market takes the largest orders, and its money adds up."""
    async with start_app(starting_grant="1000000000") as api:
        creator, trader = await api.open_account(), await api.open_account()
        slug = await api.published_market(creator, liquidity="1000000")
        order = answer(await trader.order(slug, spend="999999999"), 201)
        assert order["amount"] == "999999999.000000"
        assert order["trades"][0]["prices_after"] == {"YES": "1.000000", "NO": "0.000000"}
        small = answer(await trader.order(slug, "NO", quantity="1"), 201)
        assert small["amount"] == "0.000001"
        answer(await trader.order(slug, side="sell", quantity=order["filled_quantity"]), 201)
        # The share of NO that remains is worth a half of what the purse began with, and nothing else is missing.
        assert Decimal("999999999.499990") < await trader.balance() < Decimal("999999999.5")
        assert await trader.holds(slug) == {"NO": 1}
