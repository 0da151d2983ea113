"""The surface for Manifold's programs: every line of what it offers, through the server."""

import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest

from tests.integration.http.client import Api, Caller, eventually
from tests.integration.surfaces.bots import bot_of, told

pytestmark = pytest.mark.asyncio(loop_scope="module")

CREATED = 201
DAY = timedelta(days=1).total_seconds() * 1000
ALWAYS: Mapping[str, type | tuple[type, ...]] = {
    "id": str,
    "slug": str,
    "question": str,
    "url": str,
    "creatorId": str,
    "creatorUsername": str,
    "creatorName": str,
    "createdTime": int,
    "closeTime": int,
    "outcomeType": str,
    "mechanism": str,
    "probability": float,
    "p": float,
    "pool": dict,
    "totalLiquidity": float,
    "volume": float,
    "volume24Hours": float,
    "isResolved": bool,
    "uniqueBettorCount": int,
    "lastUpdatedTime": int,
    "tags": list,
}
"""What every LiteMarket has: strict clients refuse a whole list when one market lacks a part."""
BET: Mapping[str, type | tuple[type, ...]] = {
    "id": str,
    "betId": str,
    "userId": str,
    "contractId": str,
    "createdTime": int,
    "amount": float,
    "shares": float,
    "outcome": str,
    "probBefore": float,
    "probAfter": float,
    "orderAmount": float,
    "isFilled": bool,
    "isCancelled": bool,
    "fills": list,
    "fees": dict,
    "loanAmount": float,
    "isRedemption": bool,
}


def has(value: Mapping[str, Any], members: Mapping[str, Any]) -> None:
    """See that an object has these members, of exactly these types."""
    for name, kind in members.items():
        assert type(value[name]) is kind, (name, value.get(name))


async def made(api: Api, question: str = "Will it rain?", **members: Any) -> tuple[Caller, str]:
    """A creator's bot, and the id of a market that it has made."""
    bot = await bot_of(api)
    body = {"outcomeType": "BINARY", "question": question, **members}
    market = told(await bot.send("POST", "/v0/market", body=body), 200)
    return bot, market["id"]


async def seen(caller: Caller, path: str) -> Any:
    """What there is at an address."""
    return told(await caller.get(path), 200)


def ids(markets: Sequence[Mapping[str, Any]]) -> list[str]:
    """Their ids, in order."""
    return [market["id"] for market in markets]


async def test_making_a_market(api: Api) -> None:
    """It trades at once, under a slug that tells what it is; its description may come from an editor."""
    bot = await bot_of(api)
    document = {"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "By noon."}]}]}
    closes = int(api.clock.now().timestamp() * 1000 + DAY)
    body = {
        "outcomeType": "BINARY",
        "question": "Will Zürich win in 2027?",
        "description": document,
        "closeTime": closes,
        "initialProb": 50,
        "tags": ["football"],
        "min": 0,
    }
    market = told(await bot.send("POST", "/v0/market", body=body), 200)
    has(market, ALWAYS)
    assert market["id"] == market["slug"] == "will-zurich-win-in-2027"
    assert market["url"].endswith("/markets/will-zurich-win-in-2027")
    assert (market["creatorId"], market["closeTime"], market["tags"]) == (bot.account, closes, ["football"])
    assert (market["outcomeType"], market["mechanism"], market["probability"], market["p"]) == (
        "BINARY",
        "lmsr",
        0.5,
        0.5,
    )
    assert market["pool"] == {"YES": 100.0, "NO": 100.0}
    assert market["totalLiquidity"] == pytest.approx(69.314719)
    assert market["volume"] == market["volume24Hours"] == market["uniqueBettorCount"] == 0
    assert market["isResolved"] is False
    assert "resolution" not in market
    again = told(await bot.send("POST", "/v0/market", body={**body, "description": "Plain."}), 200)
    assert again["id"].startswith("will-zurich-win-in-2027-")
    full = told(await bot.get(f"/api/v0/market/{market['id']}"), 200)
    has(full, {**ALWAYS, "description": str, "textDescription": str, "groupSlugs": list})
    assert full["textDescription"] == "By noon."
    assert told(await bot.get(f"/v0/slug/{market['slug']}"), 200) == full
    assert told(await bot.get(f"/v0/market/{market['id']}/prob"), 200) == {"prob": 0.5}


async def test_a_market_with_several_answers(api: Api) -> None:
    """Answers have ids and prices; one bets on one, sells it, and resolves to one or to several."""
    bot, id_ = await made(api, outcomeType="MULTIPLE_CHOICE", answers=["Red", "Green", "Blue"])
    trader = await bot_of(api)
    market = told(await trader.get(f"/v0/market/{id_}"), 200)
    has(market, ALWAYS)
    assert market["outcomeType"] == "MULTIPLE_CHOICE"
    assert [(each["text"], each["index"]) for each in market["answers"]] == [("Red", 0), ("Green", 1), ("Blue", 2)]
    green = market["answers"][1]["id"]
    bet = told(await trader.send("POST", "/v0/bet", body={"contractId": id_, "amount": 20, "answerId": green}), 200)
    assert (bet["outcome"], bet["answerId"]) == ("YES", green)
    assert bet["probBefore"] == pytest.approx(1 / 3, abs=2e-6)
    assert bet["probBefore"] < bet["probAfter"]
    shown = told(await trader.get(f"/v0/market/{id_}/prob"), 200)["answerProbs"]
    assert shown[green] == bet["probAfter"] == max(shown.values())
    body = {"answerId": green, "shares": bet["shares"] / 2}
    sold = told(await trader.send("POST", f"/v0/market/{id_}/sell", body=body), 200)
    assert (sold["outcome"], sold["answerId"]) == ("YES", green)
    assert sold["shares"] == pytest.approx(-bet["shares"] / 2, abs=1e-6)
    (held,) = told(await trader.get(f"/v0/market/{id_}/positions"), 200)
    assert held["totalShares"] == {green: pytest.approx(bet["shares"] / 2, abs=2e-6)}
    shares = [{"answerId": each["id"], "pct": 100 / 3} for each in market["answers"]]
    body = {"outcome": "CHOOSE_MULTIPLE", "resolutions": shares}
    assert told(await bot.send("POST", f"/v0/market/{id_}/resolve", body=body), 200) == {"message": "success"}
    resolved = told(await trader.get(f"/v0/market/{id_}"), 200)
    assert (resolved["isResolved"], resolved["resolution"]) == (True, "CHOOSE_MULTIPLE")
    bot, other = await made(api, outcomeType="MULTIPLE_CHOICE", answers=["Red", "Green", "Blue"])
    body = {"outcome": "CHOOSE_ONE", "answerId": f"{other}:2"}
    assert told(await bot.send("POST", f"/v0/market/{other}/resolve", body=body), 200) == {"message": "success"}
    assert told(await bot.get(f"/v0/market/{other}"), 200)["resolution"] == f"{other}:2"


async def test_betting(api: Api) -> None:
    """A bet spends its amount; either outcome moves the one probability; what was done is found again."""
    _, id_ = await made(api)
    trader = await bot_of(api)
    body: dict[str, Any] = {"contractId": id_, "amount": 25}
    preview = told(await trader.send("POST", "/v0/bet", body={**body, "dryRun": True}), 200)
    has(preview, BET)
    yes = told(await trader.send("POST", "/v0/bet", body={**body, "expiresAt": 1}), 200)
    has(yes, BET)
    assert yes["id"] == yes["betId"]
    assert (yes["userId"], yes["contractId"], yes["outcome"]) == (trader.account, id_, "YES")
    assert (yes["amount"], yes["orderAmount"], yes["isFilled"], yes["isCancelled"]) == (25.0, 25.0, True, False)
    assert yes["probBefore"] == 0.5 < yes["probAfter"]
    assert yes["fees"] == {"creatorFee": 0, "platformFee": 0, "liquidityFee": 0}
    fill = {"matchedBetId": None, "amount": 25.0, "shares": yes["shares"], "timestamp": yes["createdTime"]}
    assert yes["fills"] == [fill]
    changing = {"id", "betId", "createdTime", "fills"}
    assert {name: preview[name] for name in BET if name not in changing} == {
        name: yes[name] for name in BET if name not in changing
    }
    no = told(await trader.send("POST", "/v0/bet", body={**body, "outcome": "NO"}), 200)
    assert (no["outcome"], no["probBefore"]) == ("NO", pytest.approx(yes["probAfter"], abs=2e-6))
    assert no["probAfter"] < no["probBefore"]
    bets = told(await trader.get(f"/v0/bets?contractId={id_}"), 200)
    assert [bet["id"] for bet in bets] == [no["id"], yes["id"]]
    assert bets[1] == {**yes, "orderAmount": 25.0}
    for query in (
        f"contractSlug={id_}&limit=1",
        f"userId={trader.account}&limit=1",
        f"username={trader.account}&limit=1",
    ):
        assert told(await trader.get(f"/v0/bets?{query}"), 200) == [bets[0]]
    for query in (f"contractId={id_}", f"userId={trader.account}", f"contractId={id_}&userId={trader.account}"):
        assert told(await trader.get(f"/v0/bets?{query}&before={no['id']}"), 200) == [bets[1]]
    assert told(await trader.get(f"/v0/bets?contractId={id_}&limit=0"), 200) == []
    other = await bot_of(api)
    assert told(await trader.get(f"/v0/bets?contractId={id_}&userId={other.account}"), 200) == []


async def test_limits(api: Api) -> None:
    """A limit is a probability of YES for either outcome; what it leaves is cancelled; nothing at all is refused."""
    _, id_ = await made(api)
    trader = await bot_of(api)
    body = {"contractId": id_, "amount": 500, "limitProb": 0.6}
    bet = told(await trader.send("POST", "/v0/bet", body=body), 200)
    assert (bet["isFilled"], bet["isCancelled"], bet["limitProb"], bet["orderAmount"]) == (False, True, 0.6, 500)
    assert bet["probAfter"] == pytest.approx(0.6, abs=2e-6)
    assert bet["amount"] < 30
    refused = told(await trader.send("POST", "/v0/bet", body={**body, "limitProb": 0.5}), 403)
    assert "message" in refused
    told(await trader.send("POST", "/v0/bet", body={**body, "outcome": "NO", "limitProb": 0.61}), 403)
    bet = told(await trader.send("POST", "/v0/bet", body={**body, "outcome": "NO", "limitProb": 0.4}), 200)
    assert bet["probAfter"] == pytest.approx(0.4, abs=2e-6)
    cancelled = await trader.post_content(f"/v0/bet/cancel/{bet['id']}", b"")
    told(cancelled, 403)


async def test_selling(api: Api) -> None:
    """Some of the shares, or all of them, of the outcome that is held."""
    _, id_ = await made(api)
    trader = await bot_of(api)
    told(await trader.send("POST", f"/v0/market/{id_}/sell", body={}), 403)
    bought = told(await trader.send("POST", "/v0/bet", body={"contractId": id_, "amount": 10, "outcome": "NO"}), 200)
    sold = told(await trader.send("POST", f"/v0/market/{id_}/sell", body={"shares": 5}), 200)
    assert (sold["outcome"], sold["shares"]) == ("NO", -5.0)
    assert sold["amount"] < 0
    told(await trader.send("POST", f"/v0/market/{id_}/sell", body={"shares": 10_000, "outcome": "NO"}), 403)
    rest = told(await trader.send("POST", f"/v0/market/{id_}/sell"), 200)
    assert rest["shares"] == pytest.approx(5 - bought["shares"])
    assert rest["probAfter"] == pytest.approx(0.5, abs=2e-6)
    for outcome in ("YES", "NO"):
        told(await trader.send("POST", "/v0/bet", body={"contractId": id_, "amount": 10, "outcome": outcome}), 200)
    told(await trader.send("POST", f"/v0/market/{id_}/sell", body={}), 400)


async def test_selling_everything_once(api: Api) -> None:
    """Who lost the answer and asks again, with the same key, is answered as the first time, holding nothing by now."""
    _, id_ = await made(api)
    trader = await bot_of(api)
    told(await trader.send("POST", "/v0/bet", body={"contractId": id_, "amount": 10}), 200)
    first, again = [await trader.post(f"/v0/market/{id_}/sell", {}, key="all") for _ in range(2)]
    assert told(first, 200) == told(again, 200)
    assert again.headers["Idempotency-Replayed"] == "true"


async def test_positions(api: Api) -> None:
    """Who gains most comes first; one account, the first so many, or the last."""
    _, id_ = await made(api)
    traders = [await bot_of(api) for _ in range(3)]
    for trader in traders:
        told(await trader.send("POST", "/v0/bet", body={"contractId": id_, "amount": 10}), 200)
    held = told(await traders[0].get(f"/v0/market/{id_}/positions"), 200)
    assert [each["userId"] for each in held] == [trader.account for trader in traders]
    first = held[0]
    kinds = {"userName": str, "userUsername": str, "totalShares": dict, "maxSharesOutcome": str, "profit": float}
    has(first, {"contractId": str, "hasShares": bool, "hasYesShares": bool, "hasNoShares": bool, **kinds})
    assert (first["hasYesShares"], first["hasNoShares"], first["maxSharesOutcome"]) == (True, False, "YES")
    assert first["invested"] == 10.0
    assert first["profit"] == pytest.approx(first["payout"] - 10)
    for query, wanted in (("top=1", held[:1]), ("bottom=1", held[2:]), ("top=1&bottom=1", [held[0], held[2]])):
        assert told(await traders[0].get(f"/v0/market/{id_}/positions?{query}"), 200) == wanted
    own = f"/v0/market/{id_}/positions?userId={traders[1].account}"
    assert told(await traders[0].get(own), 200) == held[1:2]


async def test_users(api: Api) -> None:
    """Who one is, and what one has made; of others only who they are."""
    bot, id_ = await made(api)
    trader = await bot_of(api)
    me = told(await trader.get("/v0/me"), 200)
    assert me["profitCached"] == {"daily": 0.0, "weekly": 0.0, "monthly": 0.0, "allTime": 0.0}
    assert (me["balance"], me["totalDeposits"]) == (1000.0, 1000.0)
    has(me, {"id": str, "name": str, "username": str, "url": str, "createdTime": int})
    others = told(await bot.get(f"/v0/user/{trader.account}"), 200)
    assert others == {name: me[name] for name in ("id", "name", "username", "url", "createdTime")}
    assert told(await bot.get(f"/v0/user/by-id/{trader.account}"), 200) == others
    told(await bot.get("/v0/user/Nobody%00"), 404)
    told(await trader.send("POST", "/v0/bet", body={"contractId": id_, "amount": 100}), 200)
    told(await bot.send("POST", f"/v0/market/{id_}/resolve", body={"outcome": "YES"}), 200)
    await api.anyone.settled(id_)
    me = await eventually(lambda: seen(trader, "/v0/me"), lambda me: all(me["profitCached"].values()))
    assert me["balance"] == pytest.approx(1000 + me["profitCached"]["daily"])
    assert me["profitCached"]["monthly"] == me["profitCached"]["allTime"] == me["profitCached"]["daily"] > 0
    assert me["totalDeposits"] == pytest.approx(1000)


async def test_resolving(api: Api) -> None:
    """YES, NO, or anything between; a creator cannot call it off, an admin can."""
    admin = await bot_of(api, "admin")
    for body, shown in (
        ({"outcome": "YES"}, ("YES", 1.0)),
        ({"outcome": "NO"}, ("NO", 0.0)),
        ({"outcome": "MKT", "probabilityInt": 37}, ("MKT", 0.37)),
        ({"outcome": "MKT"}, ("MKT", 0.5)),
    ):
        bot, id_ = await made(api)
        told(await bot.send("POST", f"/v0/market/{id_}/resolve", body={"outcome": "CANCEL"}), 403)
        assert told(await bot.send("POST", f"/v0/market/{id_}/resolve", body=body), 200) == {"message": "success"}
        market = told(await bot.get(f"/v0/market/{id_}"), 200)
        assert (market["isResolved"], market["resolution"], market["resolutionProbability"]) == (True, *shown)
        assert market["closeTime"] == market["resolutionTime"]
        told(await bot.send("POST", f"/v0/market/{id_}/resolve", body=body), 403)
    bot, id_ = await made(api)
    told(await admin.send("POST", f"/v0/market/{id_}/resolve", body={"outcome": "CANCEL"}), 200)
    market = told(await bot.get(f"/v0/market/{id_}"), 200)
    assert market["resolution"] == "CANCEL"
    assert "resolutionProbability" not in market


async def test_closing(api: Api) -> None:
    """Now, or at another time; a market without a closing time stays open for ten years."""
    bot, id_ = await made(api)
    market = told(await bot.get(f"/v0/market/{id_}"), 200)
    assert market["closeTime"] - market["createdTime"] == pytest.approx(3652 * DAY, rel=1e-3)
    other = await bot_of(api)
    told(await other.send("POST", f"/v0/market/{id_}/close"), 403)
    before = int(time.time() * 1000)
    assert told(await bot.send("POST", f"/v0/market/{id_}/close"), 200) == {"success": True}
    closed = told(await bot.get(f"/v0/market/{id_}"), 200)
    assert before - 1 <= closed["closeTime"] <= int(time.time() * 1000)
    told(await other.send("POST", "/v0/bet", body={"contractId": id_, "amount": 10}), 403)
    later = int(time.time() * 1000 + DAY)
    for _ in range(2):
        assert told(await bot.send("POST", f"/v0/market/{id_}/close", body={"closeTime": later}), 200)
        assert told(await bot.get(f"/v0/market/{id_}"), 200)["closeTime"] == later
        later += 1000
    told(await bot.send("POST", f"/v0/market/{id_}/close", body={"closeTime": 1}), 400)


async def test_lists(api: Api) -> None:
    """The newest first, page after page; by creator; by words, state, kind, and topic; drafts are nobody's."""
    bot, first = await made(api, "Will the walrus sing?", tags=["zoo"])
    body = {"outcomeType": "MULTIPLE_CHOICE", "answers": ["A", "B", "C"], "question": "Who feeds the walrus?"}
    second = told(await bot.send("POST", "/v0/market", body=body), 200)["id"]
    body = {"outcomeType": "BINARY", "question": "Will the walrus swim?"}
    third = told(await bot.send("POST", "/v0/market", body=body), 200)["id"]
    await api.draft(bot, name="A walrus in secret")
    own = told(await bot.get(f"/v0/markets?userId={bot.account}"), 200)
    assert ids(own) == [third, second, first]
    for market in own:
        has(market, ALWAYS)
    assert ids(told(await bot.get("/v0/markets?limit=3"), 200)) == [third, second, first]
    assert ids(told(await bot.get(f"/v0/markets?limit=1&before={third}"), 200)) == [second]
    assert told(await bot.get(f"/v0/markets?userId={bot.account}&before={first}"), 200) == []
    assert told(await bot.get("/v0/markets?limit=0"), 200) == []
    told(await bot.get("/v0/markets?before=nowhere"), 404)
    assert told(await bot.get("/v0/groups"), 200) == []
    told(await bot.send("POST", f"/v0/market/{first}/resolve", body={"outcome": "YES"}), 200)
    told(await bot.send("POST", f"/v0/market/{second}/close"), 200)
    for query, wanted in (
        ("term=walrus", [third, second, first]),
        ("term=walrus&limit=1&offset=1", [second]),
        ("term=walrus&filter=open", [third]),
        ("term=walrus&filter=closed", [second]),
        ("term=walrus&filter=resolved", [first]),
        ("term=walrus&contractType=MULTIPLE_CHOICE", [second]),
        ("term=walrus&contractType=POLL", []),
        (f"term=walrus%20swim&creatorId={bot.account}", [third]),
        ("term=walrus&creatorId=nobody", []),
        (f"creatorId={bot.account}&filter=open", [third]),
        ("topicSlug=zoo", [first]),
        ("term=one%20two%20three%20four%20five%20six&sort=newest", []),
    ):
        assert ids(told(await api.anyone.get(f"/v0/search-markets?{query}"), 200)) == wanted, query


async def test_volumes_and_times(api: Api) -> None:
    """What was traded in all, and in the last day; when anything last happened."""
    _, id_ = await made(api)
    trader = await bot_of(api)
    bet = told(await trader.send("POST", "/v0/bet", body={"contractId": id_, "amount": 10}), 200)
    market = told(await trader.get(f"/v0/market/{id_}"), 200)
    assert (market["volume"], market["uniqueBettorCount"]) == (10.0, 1)
    assert market["lastUpdatedTime"] == bet["createdTime"]
    assert market["pool"]["YES"] < 100 < market["pool"]["NO"]
    price = market["pool"]["NO"] / (market["pool"]["YES"] + market["pool"]["NO"])
    assert price == pytest.approx(market["probability"])
    market = await eventually(lambda: seen(trader, f"/v0/market/{id_}"), lambda market: bool(market["volume24Hours"]))
    assert market["volume24Hours"] == 10.0


async def test_comments(api: Api) -> None:
    """What people say of a market, the latest first."""
    bot, id_ = await made(api)
    for text in ("First.", "Second."):
        told(await bot.send("POST", f"/v1/markets/{id_}/comments", body={"text": text}), 201)
    found = told(await bot.get(f"/v0/comments?contractId={id_}"), 200)
    assert [each["text"] for each in found] == ["Second.", "First."]
    assert told(await bot.get(f"/v0/comments?contractSlug={id_}"), 200) == found
    kinds = {"userId": str, "userName": str, "userUsername": str, "createdTime": int}
    has(found[0], {"id": str, "contractId": str, **kinds})
    assert told(await bot.get(f"/v0/comments?contractId={id_}&limit=1&page=1"), 200) == found[1:]
    told(await bot.get("/v0/comments"), 400)


async def test_doing_things_once(api: Api) -> None:
    """With a key a bet is made once, and a market too; without one two equal bets are two bets."""
    bot, id_ = await made(api)
    trader = await bot_of(api)
    body = {"contractId": id_, "amount": 10}
    first = await trader.post("/v0/bet", body, key="once")
    again = await trader.post("/api/v0/bet", body, key="once")
    assert told(first, 200) == told(again, 200)
    assert again.headers["Idempotency-Replayed"] == "true"
    told(await trader.post("/v0/bet", {**body, "amount": 11}, key="once"), 403)
    assert len({told(await trader.send("POST", "/v0/bet", body=body), 200)["id"] for _ in range(2)}) == 2
    body = {"outcomeType": "BINARY", "question": "Once?"}
    first = await bot.post("/v0/market", body, key="market")
    again = await bot.post("/v0/market", body, key="market")
    assert told(first, 200)["id"] == told(again, 200)["id"]


async def test_a_market_that_cannot_be_paid(api: Api) -> None:
    """There is no draft left over either."""
    bot, id_ = await made(api)
    told(await bot.send("POST", "/v0/bet", body={"contractId": id_, "amount": 930}), 200)
    body = {"outcomeType": "BINARY", "question": "Too dear?"}
    told(await bot.send("POST", "/v0/market", body=body), 403)


async def test_a_market_that_can_be_paid_later(api: Api) -> None:
    """What was refused is not remembered: the same request may come again with its key, and is done."""
    bot, id_ = await made(api)
    told(await bot.send("POST", "/v0/bet", body={"contractId": id_, "amount": 930}), 200)
    body = {"outcomeType": "BINARY", "question": "Dear for now?"}
    for _ in range(2):
        assert "balance" in told(await bot.post("/v0/market", body, key="dear"), 403)["message"]
    admin = await api.open_account("admin")
    grant = {"amount": "100", "reason": "for the market"}
    assert (await admin.post(f"/v1/accounts/{bot.account}/grants", grant, key="dear")).status_code == CREATED
    first, again = [await bot.post("/v0/market", body, key="dear") for _ in range(2)]
    assert told(first, 200)["id"] == told(again, 200)["id"] == "dear-for-now"


async def test_what_keys_are_good_for(api: Api) -> None:
    """A key in either scheme; without one, or with one for something else, no more than anybody may do."""
    reader, id_ = await bot_of(api, scopes=["read"]), (await made(api))[1]
    told(await reader.get("/v0/me"), 200)
    body = {"contractId": id_, "amount": 10}
    told(await reader.send("POST", "/v0/bet", body=body), 403)
    trader = await bot_of(api, scopes=["trade"])
    told(await trader.get("/v0/me"), 403)
    key = trader.credential["Authorization"].removeprefix("Key ")
    for scheme in ("Key", "Bearer"):
        known = Caller(api.http, "", {"Authorization": f"{scheme} {key}"})
        told(await known.send("POST", "/v0/bet", body=body), 200)
    for credential in ({}, {"Authorization": "Key hk_none"}, {"Authorization": "Token x"}):
        refused = await Caller(api.http, "", credential).send("POST", "/v0/bet", body=body)
        assert told(refused, 401).keys() == {"message"}
    told(await api.anyone.get(f"/v0/market/{id_}"), 200)
