"""Bad input to the surface for Metaculus's programs: refused in its own form, and nothing has changed."""

from typing import Any

import pytest

from tests.integration.hostile.inputs import NAUGHTY, NOT_JSON
from tests.integration.http.client import Api, Caller
from tests.integration.surfaces.bots import bot_of, told

pytestmark = pytest.mark.asyncio(loop_scope="module")

POSTS = "/metaculus/api/posts/"
FORECAST = "/metaculus/api/questions/forecast/"
COMMENT = "/metaculus/api/comments/create/"
SHARES = "probability_yes_per_category"
PROBABILITIES: list[Any] = ["0.5", 0, 1, -1, 0.0001, 0.9999, 2, True, [], {}]
NUMBERS: list[Any] = ["7", 1.5, True, [], {}]


async def questions(api: Api) -> tuple[Caller, int, int]:
    """Somebody, and the numbers of a question of yes or no and of one with options."""
    slugs = [await api.published_market(), await api.published_market(outcomes=["A", "B", "C"])]
    found = told(await api.anyone.get(f"{POSTS}?limit=100"), 200)["results"]
    numbers = {post["slug"]: post["id"] for post in found}
    return await bot_of(api, scheme="Token"), numbers[slugs[0]], numbers[slugs[1]]


async def test_forecasts(api: Api) -> None:
    """Whatever is wrong with one of several, none is made."""
    bot, binary, several = await questions(api)
    good = {"question": binary, "probability_yes": 0.9}
    refused: list[Any] = [
        *({"question": binary, "probability_yes": value} for value in PROBABILITIES),
        *({"question": value, "probability_yes": 0.5} for value in NUMBERS),
        {"probability_yes": 0.5},
        {"question": binary},
        {"question": binary, "continuous_cdf": [0.1, 0.2]},
        {"question": binary, SHARES: {"YES": 0.5, "NO": 0.5}},
        {"question": several, "probability_yes": 0.5},
        {"question": several, SHARES: {}},
        {"question": several, SHARES: {"A": 0.5, "B": 0.5}},
        {"question": several, SHARES: {"A": 0.5, "B": 0.25, "C": None}},
        {"question": several, SHARES: {"A": 0.5, "B": 0.25, "C": 0.25, "D": 0.1}},
        {"question": several, SHARES: {"A": 0.5, "B": 0.5, "C": 0.5}},
        {"question": several, SHARES: {"A": 1.0, "B": 0.0, "C": 0.0}},
        {"question": several, SHARES: {"A": "0.5", "B": 0.25, "C": 0.25}},
        {"question": several, SHARES: [0.5, 0.25, 0.25]},
    ]
    for body in refused:
        assert told(await bot.send("POST", FORECAST, body=[good, body]), 400)["details"], body
    for value in (0, 7, -1, 2**48, 10**30):
        told(await bot.send("POST", FORECAST, body=[good, {**good, "question": value}]), 404)
    bodies: list[Any] = [[], {}, good, "x", [1], [[good]], [good] * 101]
    for body in bodies:
        told(await bot.send("POST", FORECAST, body=body), 400)
    for number in ("NaN", "Infinity", "1e400", "9" * 5000):
        content = f'[{{"question": {binary}, "probability_yes": {number}}}]'.encode()
        told(await bot.post_content(FORECAST, content), 400)
    assert await bot.balance() == 1000


async def test_closed_questions(api: Api) -> None:
    """They take no forecasts, which is not the program's mistake."""
    creator = await api.open_account()
    slug = await api.published_market(creator)
    (number,) = (
        post["id"] for post in told(await api.anyone.get(f"{POSTS}?limit=100"), 200)["results"] if post["slug"] == slug
    )
    await creator.close(slug)
    bot = await bot_of(api, scheme="Token")
    told(await bot.send("POST", FORECAST, body=[{"question": number, "probability_yes": 0.5}]), 403)


async def test_addresses(api: Api) -> None:
    """Limits outside their values are refused, and what is nowhere is not found."""
    for query in ("limit=0", "limit=101", "limit=x", "limit=NaN", "offset=-1", "offset=1e9"):
        assert told(await api.anyone.get(f"{POSTS}?{query}"), 400)["details"], query
    for path in ("", "/", "/nothing/", "/posts/7/", "/posts/x/", "/posts/-1/", f"/posts/{'9' * 40}/", "/posts/%00/"):
        told(await api.anyone.get(f"/metaculus/api{path}"), 404)
    for text in NAUGHTY[::10]:
        parameters = {"tournaments": text, "statuses": text, "forecast_type": text, "order_by": text, text: text}
        told(await api.http.get(POSTS, params=parameters), 200)


async def test_bodies(api: Api) -> None:
    """What is no JSON is refused; a comment has text and a post."""
    bot, number, _ = await questions(api)
    for content in NOT_JSON:
        told(await bot.post_content(FORECAST, content), 400)
    told(await bot.post_content(COMMENT, b" " * 70_000), 413)
    good = {"on_post": number, "text": "Clouds."}
    wrong: list[dict[str, Any]] = [
        {"text": ""},
        {"text": 1},
        {"text": " "},
        {"text": "x" * 2001},
        {"text": "a\x00b"},
        {"on_post": str(number)},
        {"is_private": "no"},
    ]
    for members in wrong:
        assert told(await bot.send("POST", COMMENT, body={**good, **members}), 400)["details"], members
    told(await bot.send("POST", COMMENT, body={**good, "on_post": 7}), 404)
    told(await bot.send("POST", COMMENT, body=[good]), 400)
