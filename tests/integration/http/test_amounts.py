"""How credits, shares and prices are written in requests."""

from typing import Any

import pytest

from tests.integration.http.client import Api
from tests.integration.http.contract import answer, problem

pytestmark = pytest.mark.asyncio(loop_scope="module")

GOOD = ["1", "10", "0.1", "0.000001", "1.5", "1.500000", "100.000001", "12.10", "999"]

BAD = [
    pytest.param("", id="empty"),
    pytest.param(" ", id="blank"),
    pytest.param(" 1", id="leading blank"),
    pytest.param("1 ", id="trailing blank"),
    pytest.param("1\n", id="trailing newline"),
    pytest.param("\t1", id="leading tab"),
    pytest.param("01", id="leading zero"),
    pytest.param("00", id="two zeros"),
    pytest.param("00.5", id="two zeros before the point"),
    pytest.param("+1", id="plus"),
    pytest.param("-1", id="minus"),
    pytest.param("-0", id="minus zero"),
    pytest.param("\u22121", id="typographic minus"),
    pytest.param("1e3", id="exponent"),
    pytest.param("1E-3", id="negative exponent"),
    pytest.param("1.0000001", id="seven decimals"),
    pytest.param("1.0000000", id="seven zeros"),
    pytest.param("1.", id="nothing after the point"),
    pytest.param(".5", id="nothing before the point"),
    pytest.param(".", id="point alone"),
    pytest.param("1.2.3", id="two points"),
    pytest.param("1,5", id="comma"),
    pytest.param("1,000", id="thousands separator"),
    pytest.param("1_000", id="underscore"),
    pytest.param("0x10", id="hexadecimal"),
    pytest.param("1/2", id="fraction"),
    pytest.param("\uff11", id="full-width digit"),
    pytest.param("\u0661", id="Arabic-Indic digit"),
    pytest.param("1\u00b2", id="superscript digit"),
    pytest.param("1000000000000", id="thirteen digits"),
    pytest.param("9" * 5000, id="five thousand digits"),
    pytest.param("1\x00", id="NUL"),
    pytest.param("NaN", id="NaN"),
    pytest.param("Infinity", id="Infinity"),
    pytest.param("one", id="word"),
    pytest.param(1, id="integer"),
    pytest.param(1.5, id="number with a fraction"),
    pytest.param(0, id="number zero"),
    pytest.param(True, id="boolean"),
    pytest.param(None, id="null"),
    pytest.param(["1"], id="array"),
    pytest.param({"amount": "1"}, id="object"),
]


@pytest.mark.parametrize("number", GOOD)
async def test_amount_is_taken(api: Api, open_market: str, number: str) -> None:
    r"""Requests take ASCII ^(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?$."""
    for member in ("quantity", "spend"):
        answer(await api.anyone.quote(open_market, **{member: number}), 200)


@pytest.mark.parametrize("number", BAD)
async def test_amount_is_refused(api: Api, open_market: str, number: Any) -> None:
    """No sign, exponent or blanks; a JSON number there is a 400."""
    for member in ("quantity", "spend"):
        problem(await api.anyone.quote(open_market, **{member: number}), 400, "validation-failed")


@pytest.mark.parametrize("number", ["01", "+1", "1e3", "-1", "1.0000001", "", "\uff11", 1, 0.5, True, "5\n"])
@pytest.mark.parametrize("member", ["quantity", "spend", "limit_price"])
async def test_refused_amount_of_an_order_is_named(api: Api, open_market: str, number: Any, member: str) -> None:
    """`field` is a dotted path: the member of the body that is wrong."""
    trader = await api.open_account()
    members = {"quantity": "1", "limit_price": number} if member == "limit_price" else {member: number}
    problem(await trader.order(open_market, **members), 400, "validation-failed", [member])
    assert await trader.balance() == 1000


@pytest.mark.parametrize("number", ["01", "+1", "1e3", " 1", "-1", "1.0000001", "", "\uff11", 100, 1.5, None, "100\n"])
async def test_refused_liquidity_is_named(api: Api, number: Any) -> None:
    """The one grammar holds for a market's liquidity too."""
    creator = await api.open_account()
    body = {"name": "Rain", "slug": api.name("market"), "liquidity": number}
    problem(await creator.post("/v1/markets", body), 400, "validation-failed", ["liquidity"])


@pytest.mark.parametrize(
    "number", ["01", "+1", "1e0", " 1", "-1", "1.0000000", "", "\uff11", 1, 1.0, None, True, "1\n"]
)
async def test_refused_payout_is_named(api: Api, number: Any) -> None:
    """`field` is a dotted path (`payouts.YES`)."""
    creator = await api.open_account()
    slug = await api.published_market(creator)
    response = await creator.resolve(slug, payouts={"YES": number, "NO": "0"})
    problem(response, 400, "validation-failed", ["payouts.YES"])
    assert (await creator.market(slug))["status"] == "ACTIVE"


@pytest.mark.parametrize("member", ["quantity", "spend"])
@pytest.mark.parametrize("number", ["0", "0.0", "0.000000"])
async def test_zero_amount_is_out_of_range(api: Api, open_market: str, number: str, member: str) -> None:
    """400 is what the request shows alone: zero where positive is needed."""
    trader = await api.open_account()
    problem(await trader.order(open_market, **{member: number}), 400, "validation-failed", [member])
    problem(await api.anyone.quote(open_market, **{member: number}), 400, "validation-failed", [member])


@pytest.mark.parametrize("member", ["quantity", "spend"])
@pytest.mark.parametrize("number", ["999999999999", "999999999999.999999", "100000000000"])
async def test_enormous_amount_is_more_than_anybody_has(api: Api, open_market: str, number: str, member: str) -> None:
    """Twelve digits are within the grammar, so an order of them fails for its funds and changes nothing."""
    trader = await api.open_account()
    before = await api.anyone.market(open_market)
    problem(await trader.order(open_market, **{member: number}), 422, "insufficient-funds")
    assert await trader.balance() == 1000
    assert await api.anyone.market(open_market) == before


@pytest.mark.contract("numbers and times")
async def test_trailing_zeros_do_not_matter(api: Api, open_market: str) -> None:
    """Answers have exactly six decimals, however many the request had."""
    short = answer(await api.anyone.quote(open_market, quantity="10"), 200)
    long = answer(await api.anyone.quote(open_market, quantity="10.000000"), 200)
    assert short == long
    assert short["quantity"] == "10.000000"
