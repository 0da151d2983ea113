"""The books balance, in public."""

from decimal import Decimal

import pytest

from tests.integration.http.client import Api
from tests.integration.http.contract import Json, answer, check_decimal

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def audit(api: Api) -> Json:
    """What the books add up to, in the contract's formats, and as it defines the difference."""
    found: Json = answer(await api.anyone.get("/v1/audit"), 200)
    assert found.keys() == {"issued", "balances", "pools", "difference", "as_of"}
    for name in ("issued", "balances", "pools", "difference"):
        check_decimal(name, found[name])
    assert Decimal(found["difference"]) == Decimal(found["issued"]) - Decimal(found["balances"]) - Decimal(
        found["pools"]
    )
    return found


@pytest.mark.contract("audit")
async def test_the_books_balance_whatever_happens(fresh_api: Api) -> None:
    """`difference` = issued − balances − pools is zero after every kind of operation, also those that failed."""
    api = fresh_api
    assert (await audit(api))["issued"] == "0.000000"
    admin, creator, trader = await api.open_account("admin"), await api.open_account(), await api.open_account()
    assert (await audit(api))["balances"] == "3000.000000"
    answer(await admin.grant(trader.account, "250.000001"), 201)
    won, voided = await api.published_market(creator), await api.published_market(creator, liquidity="7.3")
    opened = await audit(api)
    subsidies = [Decimal((await creator.market(slug))["subsidy"]) for slug in (won, voided)]
    assert Decimal(opened["pools"]) == sum(subsidies)
    for slug in (won, voided):
        answer(await trader.order(slug, "YES", spend="33.333333"), 201)
        answer(await creator.order(slug, "NO", spend="0.000001"), 201)
        answer(await trader.order(slug, "YES", "sell", quantity="1.234567"), 201)
        assert (await trader.order(slug, "YES", quantity="900000")).status_code == 422
        assert (await audit(api))["difference"] == "0.000000"
    answer(await admin.resolve(won, payouts={"YES": "0.333333", "NO": "0.666667"}), 202)
    answer(await admin.void(voided), 202)
    await creator.settled(won)
    await creator.settled(voided)
    final = await audit(api)
    assert (final["issued"], final["difference"], final["pools"]) == ("3250.000001", "0.000000", "0.000000")
    assert Decimal(final["balances"]) == sum([await caller.balance() for caller in (admin, creator, trader)])
