"""Bad input to the surface for Manifold's programs: refused in its own form, and nothing has changed."""

from typing import Any

import pytest

from tests.integration.hostile.inputs import NAUGHTY, NOT_JSON
from tests.integration.http.client import Api
from tests.integration.surfaces.bots import bot_of, told

pytestmark = pytest.mark.asyncio(loop_scope="module")

MARKET = {"outcomeType": "BINARY", "question": "Will it rain?"}
NUMBERS: list[Any] = ["10", "ten", True, [], {}, 0, -1, 1e-9, 1e12, 10**400, "NaN"]
TEXTS: list[Any] = [1, True, [], {}, ""]
BET_FIELDS: dict[str, list[Any]] = {
    "amount": NUMBERS,
    "contractId": [1, True, [], {}],
    "outcome": ["MAYBE", "yes", 1, ""],
    "limitProb": ["0.5", 0, 0.009, 0.991, 1, -1, 50, True],
    "answerId": ["none", 1, []],
    "dryRun": ["true", 1],
    "expiresAt": ["soon", []],
    "stake": [1],
}
MARKET_FIELDS: dict[str, list[Any]] = {
    "outcomeType": ["POLL", "PSEUDO_NUMERIC", 1, ""],
    "question": [*TEXTS, "  ", "x" * 121, "a\x00b"],
    "description": [1, True, [], {"content": 1}, {"content": [1]}, "x" * 10_001, "a\x00b"],
    "closeTime": ["tomorrow", -1, 1e300, True],
    "initialProb": [0, 51, "50", 100],
    "answers": [["A", "B", "C"], "A", [1, 2, 3]],
    "tags": ["zoo", ["Zoo"], [1], ["x" * 33], ["a"] * 11],
    "visibility": ["unlisted"],
}
RESOLUTIONS: list[Any] = [
    {},
    {"outcome": "MAYBE"},
    {"outcome": 1},
    {"outcome": "CHOOSE_ONE", "answerId": "rain:0"},
    {"outcome": "CHOOSE_MULTIPLE", "resolutions": [{"answerId": "rain:0", "pct": 100}]},
    {"outcome": "MKT", "probabilityInt": 101},
    {"outcome": "MKT", "probabilityInt": -1},
    {"outcome": "MKT", "probabilityInt": "50"},
]
SHARES: list[Any] = [
    [{"answerId": "colours:0", "pct": 50}],
    [{"answerId": "colours:9", "pct": 100}],
    [{"answerId": "colours:0", "pct": "100"}],
    [{"answerId": "colours:0", "pct": 101}],
    [{"pct": 100}],
    [],
]
QUERIES = (
    "/v0/markets?limit=1001",
    "/v0/markets?limit=-1",
    "/v0/markets?limit=ten",
    "/v0/markets?limit=1.5",
    "/v0/markets?limit=NaN",
    "/v0/markets?limit=99999999999999999999",
    "/v0/markets?colour=red",
    "/v0/search-markets?limit=1001",
    "/v0/search-markets?offset=-1",
    "/v0/search-markets?filter=odd",
    "/v0/search-markets?nothing=1",
    "/v0/bets",
    "/v0/bets?contractId=rain&limit=1001",
    "/v0/bets?contractId=rain&before=x",
    "/v0/bets?contractId=rain&order=asc",
    "/v0/bets?contractId=rain&afterTime=x",
    "/v0/market/rain/positions?top=x",
    "/v0/comments",
    "/v0/comments?contractId=rain&limit=x",
)
NOWHERE = (
    "/v0",
    "/v0/",
    "/v0/nothing",
    "/v0/markets/",
    "/v0/market/nowhere",
    "/v0/market/%00",
    "/v0/market/Rain",
    f"/v0/market/{'x' * 3000}",
    "/v0/market/nowhere/prob",
    "/v0/market/nowhere/positions",
    "/v0/slug/%F0%9F%8C%A7",
    "/v0/user/nobody",
    "/v0/user/by-id/%ff",
    "/v0/bets?contractId=nowhere",
    "/v0/bets?userId=nobody",
    "/v0/comments?contractSlug=nowhere",
    "/api/v0/nothing",
)


async def rain(api: Api) -> str:
    """The id of a market on which somebody has bet."""
    bot = await bot_of(api)
    id_ = told(await bot.send("POST", "/v0/market", body={**MARKET, "question": api.name("Rain")}), 200)["id"]
    told(await bot.send("POST", "/v0/bet", body={"contractId": id_, "amount": 1}), 200)
    return str(id_)


async def test_bets(api: Api) -> None:
    """Whatever is wrong with a bet, its part is named, and it costs nothing."""
    bot, id_ = await bot_of(api), await rain(api)
    body = {"contractId": id_, "amount": 10}
    for field, values in BET_FIELDS.items():
        for value in values:
            refused = await bot.send("POST", "/v0/bet", body={**body, field: value})
            assert [each["field"] for each in told(refused, 400)["details"]] == [field], value
    told(await bot.send("POST", "/v0/bet", body={"contractId": id_}), 400)
    told(await bot.send("POST", "/v0/bet", body={"contractId": "nowhere", "amount": 1}), 404)
    told(await bot.send("POST", "/v0/bet", body={**body, "amount": 1001}), 403)
    for number in ("NaN", "Infinity", "1e400", "-1e400", "9" * 5000):
        content = f'{{"contractId": "{id_}", "amount": {number}}}'.encode()
        told(await bot.post_content("/v0/bet", content), 400)
    for value in ["x", 0, -1, 1e-9, True]:
        told(await bot.send("POST", f"/v0/market/{id_}/sell", body={"shares": value}), 400)
    assert told(await bot.get("/v0/me"), 200)["balance"] == 1000.0


async def test_a_refusal_names_twenty_parts_at_most(api: Api) -> None:
    """However many are wrong: thousands of mistakes in a body bring no answer that is larger than it."""
    bot, id_ = await bot_of(api), await rain(api)
    for wrong in (19, 20, 21, 5_000):
        body = {"contractId": id_, "amount": 1, **{f"x{number}": 0 for number in range(wrong)}}
        content = told(await bot.send("POST", "/v0/bet", body=body), 400)
        assert len(content["details"]) == min(wrong, 20)
        assert content["message"].endswith(f", and {wrong - 20} more." if wrong > 20 else f"`x{wrong - 1}`.")


async def test_markets(api: Api) -> None:
    """No market comes of what is wrong, and no draft."""
    bot = await bot_of(api)
    for field, values in MARKET_FIELDS.items():
        for value in values:
            told(await bot.send("POST", "/v0/market", body={**MARKET, field: value}), 400)
    for answers in ([], ["A", "B"], ["A", "B", " "], ["x" * 41, "B", "C"], ["A"] * 21):
        body = {**MARKET, "outcomeType": "MULTIPLE_CHOICE", "answers": answers}
        told(await bot.send("POST", "/v0/market", body=body), 400)
    contradictions: list[dict[str, Any]] = [
        {"outcomeType": "MULTIPLE_CHOICE", "answers": ["A", "A", "B"]},
        {"closeTime": 1},
    ]
    for members in contradictions:
        told(await bot.send("POST", "/v0/market", body={**MARKET, **members}), 403)
    for question in NAUGHTY[::40]:
        created = await bot.send("POST", "/v0/market", body={**MARKET, "question": question[:120] or "x"})
        assert created.status_code in {200, 400, 403}
        told(created, created.status_code)
    assert told(await bot.get("/v0/me"), 200)["balance"] <= 1000.0


async def test_decisions(api: Api) -> None:
    """What does not fit a market decides nothing."""
    bot = await bot_of(api)
    told(await bot.send("POST", "/v0/market", body={**MARKET, "question": "Rain"}), 200)
    body = {"outcomeType": "MULTIPLE_CHOICE", "answers": ["A", "B", "C"], "question": "Colours"}
    told(await bot.send("POST", "/v0/market", body=body), 200)
    for wrong in RESOLUTIONS:
        told(await bot.send("POST", "/v0/market/rain/resolve", body=wrong), 400)
    for shares in SHARES:
        body = {"outcome": "CHOOSE_MULTIPLE", "resolutions": shares}
        told(await bot.send("POST", "/v0/market/colours/resolve", body=body), 400)
    for wrong in ({"outcome": "YES"}, {"outcome": "CHOOSE_ONE"}, {"outcome": "CHOOSE_ONE", "answerId": "rain:0"}):
        told(await bot.send("POST", "/v0/market/colours/resolve", body=wrong), 400)
    bets: list[dict[str, Any]] = [{}, {"answerId": "Z"}, {"answerId": "colours:1", "outcome": "NO"}]
    for wrong in bets:
        told(await bot.send("POST", "/v0/bet", body={"contractId": "colours", "amount": 1, **wrong}), 400)
    for path in ("/v0/market/rain", "/v0/market/colours"):
        assert told(await bot.get(path), 200)["isResolved"] is False
    for wrong in ({"closeTime": "x"}, {"closeTime": True}, {"when": 1}):
        told(await bot.send("POST", "/v0/market/rain/close", body=wrong), 400)
    told(await (await bot_of(api)).send("POST", "/v0/market/rain/resolve", body={"outcome": "YES"}), 403)


async def test_addresses(api: Api) -> None:
    """Parameters outside their values are refused, and what is nowhere is not found, whatever the method."""
    for path in QUERIES:
        assert told(await api.anyone.get(path), 400)["details"], path
    for path in NOWHERE:
        assert told(await api.anyone.get(path), 404)["message"], path
    for method, path in (("PUT", "/v0/bet"), ("GET", "/v0/bet"), ("POST", "/v0/markets"), ("OPTIONS", "/v0/markets")):
        told(await api.anyone.send(method, path), 404)


async def test_bodies(api: Api) -> None:
    """What is no JSON object is refused, however large and whatever its type; null says nothing."""
    bot, id_ = await bot_of(api), await rain(api)
    for content in (*NOT_JSON, b"[]", b"1", b'"x"', b"null"):
        refused = await bot.post_content("/v0/bet", content)
        assert refused.status_code in {400, 413}
        told(refused, refused.status_code)
    told(await bot.post_content("/v0/bet", b" " * 70_000), 413)
    told(await bot.post_content("/v0/bet", b'{"contractId": "x"}', "text/plain"), 400)
    body = {"contractId": id_, "amount": 1, "limitProb": None, "answerId": None, "expiresAt": None}
    told(await bot.send("POST", "/v0/bet", body=body), 200)
    for key in ("", "x" * 256, "with blank", "é"):
        headers = [(b"Idempotency-Key", key.encode())]
        headers += [(name.encode(), value.encode()) for name, value in bot.credential.items()]
        told(await bot.http.post("/v0/bet", json=body, headers=headers), 400 if key else 200)


async def test_naughty_strings(api: Api) -> None:
    """As a parameter and as an id they find nothing, or something; they never fail."""
    for text in NAUGHTY[::12]:
        for path, parameters in (("/v0/search-markets", {"term": text}), ("/v0/markets", {"userId": text})):
            found = await api.http.get(path, params=parameters)
            told(found, found.status_code)
            assert found.status_code == 200, text
        missing = await api.http.get("/v0/bets", params={"contractId": text})
        told(missing, 404 if text else 400)
