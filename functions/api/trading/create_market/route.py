"""POST /v1/markets."""

from typing import Annotated, ClassVar

from pydantic import Field

from domain.application.trading.create_market import CreateMarketRequest, CreateMarketResult
from domain.model.kernel.money import MICROS
from domain.model.trading.market import (
    MAX_NAME,
    MAX_OUTCOMES,
    MAX_TAGS,
    MAX_TEXT,
    MIN_OUTCOMES,
    MarketDefinition,
)
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.decimal_string import LIQUIDITY
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.idempotency import OptionalKey, mark_replay
from functions.adapter.in_.http.market import MarketResponse
from functions.adapter.in_.http.messages import Response
from functions.adapter.in_.http.schemas import Instant, MarketOutcome, Name, RequestBody, Slug, Tag, Text


class CreateMarketBody(RequestBody):
    """A market to draft."""

    NULLABLE: ClassVar[frozenset[str]] = frozenset({"closes_at"})

    name: Name = Field(max_length=MAX_NAME, examples=["Will it rain on Friday?"])
    slug: Slug = Field(examples=["rain-on-friday"])
    description: Text = Field(default="", max_length=MAX_TEXT)
    rules: Text = Field(default="", max_length=MAX_TEXT)
    outcomes: list[MarketOutcome] = Field(default=["YES", "NO"], min_length=MIN_OUTCOMES, max_length=MAX_OUTCOMES)
    liquidity: Annotated[int, LIQUIDITY] = Field(default=100 * MICROS, json_schema_extra={"default": "100"})
    closes_at: Instant | None = None
    tags: list[Tag] = Field(default=[], max_length=MAX_TAGS)

    def definition(self) -> MarketDefinition:
        """What the domain calls it."""
        return MarketDefinition(
            name=self.name,
            description=self.description,
            rules=self.rules,
            outcomes=tuple(self.outcomes),
            liquidity=self.liquidity,
            closes_at=self.closes_at,
            tags=tuple(self.tags),
        )


def create_route(create_market: UseCase[CreateMarketRequest, CreateMarketResult]) -> Route:
    """The route over the use case."""

    async def endpoint(
        response: Response, caller: SignedInCaller, idempotency: OptionalKey, body: CreateMarketBody
    ) -> MarketResponse:
        request = CreateMarketRequest(caller, body.slug, body.definition(), idempotency)
        result = await create_market.execute(request)
        mark_replay(response, replayed=result.replayed)
        response.headers["Location"] = f"/v1/markets/{result.listing.market.slug}"
        return MarketResponse.of(result.listing)

    return endpoint_route("create_market", endpoint)
