"""Forecasting, and saying why."""

import math
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from domain.application.discussion.post_comment import PostCommentRequest
from domain.application.metaculus.place_forecast import PlaceForecastRequest
from domain.model.kernel.money import MICROS
from domain.model.kernel.notation import format_time
from domain.model.metaculus.post import number_of
from domain.model.trading.market import Market
from functions.adapter.in_.metaculus.post import BINARY, kind_of
from functions.adapter.in_.metaculus.use_cases import MetaculusUseCases
from functions.adapter.in_.surface.application import Call
from functions.adapter.in_.surface.refusal import wrong
from functions.api.metaculus.metaculus.posts import Posts

_MOST = 100
"""How many forecasts a request may have."""
_LEAST, _GREATEST = 0.001, 0.999
"""Between these a probability must be, as on the original."""
_SLACK = 0.01
"""How far the probabilities of all options may be from one together."""


class _ForecastBody(BaseModel):
    """A forecast of one question; members for other kinds of question are passed over."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)

    question: int
    probability_yes: float | None = Field(default=None, ge=_LEAST, le=_GREATEST, allow_inf_nan=False)
    probability_yes_per_category: dict[str, float | None] | None = None


class _CommentBody(BaseModel):
    """What to say of a post."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)

    on_post: int
    text: str = Field(min_length=1)
    is_private: bool = False


class _Asked(NamedTuple):
    """One forecast: of which market, and its prices in millionths."""

    market: Market
    prices: tuple[int, ...]


class Forecasting:
    """The operations that forecast and comment."""

    def __init__(self, use_cases: MetaculusUseCases, posts: Posts) -> None:
        self._use_cases = use_cases
        self._posts = posts

    async def forecast(self, call: Call) -> object:
        """Forecast questions, one after another, once all of them are known to be right."""
        bodies = call.bodies(_ForecastBody, _MOST)
        asked = [await self._read(body) for body in bodies]
        for place, each in enumerate(asked):
            request = PlaceForecastRequest(call.account, each.market.slug, each.prices, call.step(f"forecast {place}"))
            if (await self._use_cases.place_forecast.execute(request)).replayed:
                call.replayed()
        return {"forecasts": [{"question": body.question} for body in bodies]}

    async def comment(self, call: Call) -> object:
        """Say something of a post. What is private is not kept, since there is nobody to read it."""
        asked = call.body(_CommentBody)
        market = (await self._posts.find(asked.on_post)).market
        author = {"id": number_of(call.account.account), "username": call.account.account}
        if asked.is_private:
            return {"id": None, "on_post": asked.on_post, "author": author, "text": asked.text, "is_private": True}
        request = PostCommentRequest(call.account, market.slug, asked.text, call.idempotency)
        result = await self._use_cases.post_comment.execute(request)
        if result.replayed:
            call.replayed()
        return {
            "id": number_of(result.comment.id),
            "on_post": asked.on_post,
            "author": author,
            "text": result.comment.text,
            "is_private": False,
            "created_at": format_time(result.comment.created_at),
        }

    async def _read(self, body: _ForecastBody) -> _Asked:
        market = (await self._posts.find(body.question)).market
        if kind_of(market) == BINARY:
            if body.probability_yes is None:
                raise wrong("probability_yes", "is needed: the question is one of yes or no")
            yes = round(body.probability_yes * MICROS)
            return _Asked(market, (yes, MICROS - yes))
        if body.probability_yes_per_category is None:
            raise wrong("probability_yes_per_category", "is needed: the question has several options")
        return _Asked(market, _prices(market, body.probability_yes_per_category))


def _prices(market: Market, given: dict[str, float | None]) -> tuple[int, ...]:
    """The prices of all options, in the market's order.

    Raises:
        SurfaceError: one is missing, is not known, or is no probability, or they do not add up to one.
    """
    field = "probability_yes_per_category"
    if given.keys() != set(market.outcomes):
        raise wrong(field, f"must name each option just once: {', '.join(market.outcomes)}")
    values = [value for outcome in market.outcomes if (value := given[outcome]) is not None]
    if len(values) < len(market.outcomes) or not all(_LEAST <= value <= _GREATEST for value in values):
        raise wrong(field, f"must be from {_LEAST} to {_GREATEST} for each option")
    if abs(math.fsum(values) - 1) > _SLACK:
        raise wrong(field, "must add up to 1")
    return tuple(round(value * MICROS) for value in values)
