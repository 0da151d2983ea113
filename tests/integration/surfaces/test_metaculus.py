"""The surface for Metaculus's programs: every line of what it offers, through the server."""

from datetime import datetime
from typing import Any

import pytest

from tests.integration.http.client import Api, Caller
from tests.integration.surfaces.bots import bot_of, told

pytestmark = pytest.mark.asyncio(loop_scope="module")

POSTS = "/metaculus/api/posts/"
FORECAST = "/metaculus/api/questions/forecast/"
COMMENT = "/metaculus/api/comments/create/"
COLOURS = ["Red", "Green", "Blue"]


async def forecaster(api: Api) -> Caller:
    """Somebody who speaks as programs for Metaculus do."""
    return await bot_of(api, scheme="Token")


async def seen(caller: Caller, path: str) -> Any:
    """What there is at an address."""
    return told(await caller.get(path), 200)


async def post_of(api: Api, slug: str, by: Caller | None = None) -> Any:
    """A market's post, as it is listed."""
    found = await seen(by or api.anyone, f"{POSTS}?limit=100")
    return next(post for post in found["results"] if post["slug"] == slug)


async def test_a_post(api: Api) -> None:
    """What a market is called, when it opens and closes, and what it says."""
    creator = await api.open_account()
    members: dict[str, Any] = {
        "description": "Background.",
        "rules": "By the gauge.",
        "tags": ["weather"],
        "closes_at": "2031-01-31T12:00:00.000000Z",
    }
    slug = await api.published_market(creator, **members)
    await creator.post(f"/v1/markets/{slug}/clarifications", {"text": "At noon."})
    listed = await post_of(api, slug)
    assert isinstance(listed["id"], int)
    assert 0 < listed["id"] < 2**48
    assert (listed["slug"], listed["status"], listed["title"]) == (slug, "open", "Will it rain?")
    assert listed["projects"]["default_project"]["id"] == 1
    (tournament,) = listed["projects"]["tournament"]
    assert (tournament["slug"], tournament["name"], type(tournament["id"])) == ("weather", "weather", int)
    question = listed["question"]
    assert (question["id"], question["type"], question["status"]) == (listed["id"], "binary", "open")
    assert question["options"] is question["resolution"] is question["actual_resolve_time"] is None
    assert (question["description"], question["resolution_criteria"]) == ("Background.", "By the gauge.")
    assert (question["fine_print"], question["group_variable"]) == ("At noon.", "")
    assert question["scheduled_close_time"] == question["scheduled_resolve_time"] == members["closes_at"]
    assert question["open_time"] == listed["published_at"] >= listed["created_at"] == question["created_at"]
    assert question["my_forecasts"] == {"history": [], "latest": None, "score_data": {}}
    latest = question["aggregations"]["recency_weighted"]["latest"]
    assert (latest["centers"], latest["forecast_values"], latest["end_time"]) == ([0.5], [0.5, 0.5], None)
    assert await seen(api.anyone, f"{POSTS}{listed['id']}/") == listed
    assert await seen(api.anyone, f"{POSTS}{listed['id']}") == listed


async def test_forecasting_a_question(api: Api) -> None:
    """It trades toward the forecast, for at most 2 % of the balance, and what was forecast is kept."""
    slug = await api.published_market()
    bot = await forecaster(api)
    number = (await post_of(api, slug))["id"]
    body = [{"question": number, "probability_yes": 0.9, "source": "api"}]
    told(await bot.send("POST", FORECAST, body=body), 201)
    assert 979.99 < await bot.balance() <= 980.01
    market = await bot.market(slug)
    price = float(market["outcomes"][0]["price"])
    assert 0.5 < price < 0.9
    post = await seen(bot, f"{POSTS}{number}/")
    assert (post["nr_forecasters"], post["forecasts_count"]) == (1, 1)
    own = post["question"]["my_forecasts"]
    assert [item["forecast_values"] for item in own["history"]] == [[0.1, 0.9]]
    assert own["latest"] == own["history"][0]
    assert own["latest"]["end_time"] is None
    now = datetime.fromisoformat(post["published_at"]).timestamp()
    assert now <= own["latest"]["start_time"] < now + 60
    assert post["question"]["aggregations"]["recency_weighted"]["latest"]["centers"] == [price]
    assert (await seen(api.anyone, f"{POSTS}{number}/"))["question"]["my_forecasts"]["history"] == []
    told(await bot.send("POST", FORECAST, body=[{"question": number, "probability_yes": 0.3}]), 201)
    market = await bot.market(slug)
    assert float(market["outcomes"][0]["price"]) < price
    listed = (await post_of(api, slug, bot))["question"]["my_forecasts"]["history"]
    assert [item["forecast_values"][1] for item in listed] == [0.9, 0.3]
    assert listed[0]["end_time"] == listed[1]["start_time"]


async def test_forecasting_several_options(api: Api) -> None:
    """Every option has its probability; several questions go in one request."""
    slug = await api.published_market(outcomes=COLOURS)
    other = await api.published_market()
    bot = await forecaster(api)
    post = await post_of(api, slug)
    question = post["question"]
    assert (question["type"], question["options"]) == ("multiple_choice", COLOURS)
    latest = question["aggregations"]["recency_weighted"]["latest"]
    assert latest["centers"] == latest["forecast_values"] == [pytest.approx(1 / 3, abs=1e-6)] * 3
    shares = {"Blue": 0.6, "Red": 0.2, "Green": 0.2}
    second = {"question": (await post_of(api, other))["id"], "probability_yes": 0.51}
    body = [{"question": post["id"], "probability_yes_per_category": shares, "probability_yes": None}, second]
    told(await bot.send("POST", FORECAST, body=body), 201)
    held = await bot.holds(slug)
    assert held.keys() == {"Blue"}
    post = await seen(bot, f"{POSTS}{post['id']}/")
    assert post["question"]["my_forecasts"]["latest"]["forecast_values"] == [0.2, 0.2, 0.6]
    assert float((await bot.market(other))["outcomes"][0]["price"]) == pytest.approx(0.51, abs=2e-6)


async def test_a_resolution(api: Api) -> None:
    """Yes, no, an option; annulled where it was called off or nothing alone happened."""
    admin = await api.open_account("admin")
    for outcomes, decision, shown in (
        (["YES", "NO"], {"outcome": "YES"}, "yes"),
        (["YES", "NO"], {"outcome": "NO"}, "no"),
        (COLOURS, {"outcome": "Green"}, "Green"),
        (["YES", "NO"], {"payouts": {"YES": "0.4", "NO": "0.6"}}, "annulled"),
        (["YES", "NO"], None, "annulled"),
    ):
        slug = await api.published_market(outcomes=outcomes)
        await (admin.resolve(slug, **decision) if decision else admin.void(slug))
        post = await post_of(api, slug)
        assert (post["status"], post["question"]["status"]) == ("resolved", "resolved")
        assert post["question"]["resolution"] == shown
        assert post["question"]["actual_resolve_time"] > post["published_at"]


async def test_lists(api: Api) -> None:
    """By state, tournament and kind, a part at a time; unknown parameters are passed over, and drafts are nobody's."""
    creator = await api.open_account()
    tag = api.name("cup")
    slugs = [
        await api.published_market(creator, slug=api.name("cup-market"), tags=[tag], outcomes=outcomes)
        for outcomes in (["YES", "NO"], COLOURS, ["YES", "NO"], ["YES", "NO"])
    ]
    await api.draft(creator, tags=[tag])
    await creator.close(slugs[2])
    await creator.resolve(slugs[3], outcome="YES")
    first = await post_of(api, slugs[0])
    number = first["projects"]["tournament"][0]["id"]
    for query, wanted in (
        (f"tournaments={tag}", slugs[::-1]),
        (f"tournaments={tag}&statuses=open", slugs[1::-1]),
        (f"tournaments={tag}&statuses=open,closed", slugs[2::-1]),
        (f"tournaments={tag}&statuses=open&statuses=resolved", [slugs[3], slugs[1], slugs[0]]),
        (f"tournaments={tag}&statuses=upcoming", []),
        (f"tournaments={number}&forecast_type=multiple_choice", [slugs[1]]),
        (f"tournaments={tag}&forecast_type=binary,numeric&statuses=open", [slugs[0]]),
        (f"tournaments={tag}&tournaments=other&order_by=published_at", slugs),
        (f"tournaments={tag}&order_by=-hotness&with_cp=true&colour=red", slugs[::-1]),
        (f"tournaments={tag}&limit=1&offset=1", [slugs[2]]),
        ("tournaments=nothing", []),
    ):
        found = await seen(api.anyone, f"{POSTS}?{query}")
        assert [post["slug"] for post in found["results"]] == wanted, query
    part = await seen(api.anyone, f"{POSTS}?tournaments={tag}&limit=3")
    assert (part["count"], part["previous"]) == (4, None)
    rest = told(await api.http.get(part["next"]), 200)
    assert ([post["slug"] for post in rest["results"]], rest["next"]) == ([slugs[0]], None)
    assert told(await api.http.get(rest["previous"]), 200)["results"] == part["results"]


async def test_commenting(api: Api) -> None:
    """What is public is said under the market; what is private is not kept."""
    slug = await api.published_market()
    bot = await forecaster(api)
    number = (await post_of(api, slug))["id"]
    body = {"on_post": number, "text": "Clouds.", "is_private": False, "included_forecast": True}
    said = told(await bot.send("POST", COMMENT, body=body), 201)
    assert (said["on_post"], said["text"], type(said["id"])) == (number, "Clouds.", int)
    told(await bot.send("POST", COMMENT, body={**body, "text": "A secret.", "is_private": True}), 201)
    (kept,) = await bot.items(f"/v1/markets/{slug}/comments")
    assert (kept["text"], kept["account"]) == ("Clouds.", bot.account)


async def test_doing_things_once(api: Api) -> None:
    """With a key a forecast is made once; without one twice is twice."""
    slug = await api.published_market()
    bot = await forecaster(api)
    body = [{"question": (await post_of(api, slug))["id"], "probability_yes": 0.8}]
    told(await bot.post(FORECAST, body, key="once"), 201)
    balance = await bot.balance()
    again = await bot.post(FORECAST, body, key="once")
    told(again, 201)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert await bot.balance() == balance
    told(await bot.send("POST", FORECAST, body=body), 201)
    assert await bot.balance() < balance
    told(await bot.post(FORECAST, [{**body[0], "probability_yes": 0.7}], key="once"), 403)


async def test_what_keys_are_good_for(api: Api) -> None:
    """A key in any scheme that programs send; none, or one for something else, forecasts nothing."""
    slug = await api.published_market()
    number = (await post_of(api, slug))["id"]
    body = [{"question": number, "probability_yes": 0.6}]
    for scheme in ("Token", "Key", "Bearer"):
        bot = await bot_of(api, scopes=["trade"], scheme=scheme)
        told(await bot.send("POST", FORECAST, body=body), 201)
        assert (await seen(bot, f"{POSTS}{number}/"))["question"]["my_forecasts"]["history"] == []
    told(await (await bot_of(api, scopes=["read"], scheme="Token")).send("POST", FORECAST, body=body), 403)
    for credential in ({}, {"Authorization": "Token hk_none"}, {"Authorization": "Token"}):
        told(await Caller(api.http, "", credential).send("POST", FORECAST, body=body), 401)
    stranger = await api.sign_in()
    told(await stranger.send("POST", FORECAST, body=body), 404)
