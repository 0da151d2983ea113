"""PATCH /v1/markets/{slug}."""

from typing import Annotated, ClassVar

from pydantic import Field

from domain.application.trading.edit_market import EditMarketRequest, EditMarketResult
from domain.model.trading.market import MAX_NAME, MAX_OUTCOMES, MAX_TAGS, MAX_TEXT, MIN_OUTCOMES, MarketChanges
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.decimal_string import LIQUIDITY
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.market import MarketResponse
from functions.adapter.in_.http.schemas import Instant, MarketOutcome, Name, RequestBody, Tag, Text


class EditMarketBody(RequestBody):
    """What to change of a draft; what is left out stays, and a null ``closes_at`` takes the closing time away."""

    NULLABLE: ClassVar[frozenset[str]] = frozenset({"closes_at"})

    name: Annotated[Name, Field(max_length=MAX_NAME)] | None = None
    description: Annotated[Text, Field(max_length=MAX_TEXT)] | None = None
    rules: Annotated[Text, Field(max_length=MAX_TEXT)] | None = None
    outcomes: Annotated[list[MarketOutcome], Field(min_length=MIN_OUTCOMES, max_length=MAX_OUTCOMES)] | None = None
    liquidity: Annotated[int | None, LIQUIDITY] = None
    closes_at: Instant | None = None
    tags: Annotated[list[Tag], Field(max_length=MAX_TAGS)] | None = None

    def changes(self) -> MarketChanges:
        """What the domain calls it."""
        return MarketChanges(
            name=self.name,
            description=self.description,
            rules=self.rules,
            outcomes=None if self.outcomes is None else tuple(self.outcomes),
            liquidity=self.liquidity,
            closes_at=self.closes_at,
            clears_closes_at="closes_at" in self.model_fields_set and self.closes_at is None,
            tags=None if self.tags is None else tuple(self.tags),
        )


def create_route(edit_market: UseCase[EditMarketRequest, EditMarketResult]) -> Route:
    """The route over the use case."""

    async def endpoint(slug: str, caller: SignedInCaller, body: EditMarketBody) -> MarketResponse:
        result = await edit_market.execute(EditMarketRequest(caller, slug, body.changes()))
        return MarketResponse.of(result.listing)

    return endpoint_route("edit_market", endpoint)
