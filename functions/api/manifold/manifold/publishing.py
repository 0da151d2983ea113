"""Making a market: a draft, published at once."""

import secrets
from contextlib import suppress
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from domain.application.trading.create_market import CreateMarketRequest
from domain.application.trading.delete_draft import DeleteDraftRequest
from domain.application.trading.publish_market import PublishMarketRequest, PublishMarketResult
from domain.model.kernel.errors import (
    ContentionError,
    DomainError,
    MarketAlreadyPublishedError,
    MarketNotFoundError,
    SlugTakenError,
)
from domain.model.kernel.names import is_slug
from domain.model.trading.book import Listing
from domain.model.trading.market import (
    MAX_NAME,
    MAX_OUTCOME_NAME,
    MAX_OUTCOMES,
    MAX_TAG,
    MAX_TAGS,
    MAX_TEXT,
    MarketDefinition,
)
from functions.adapter.in_.manifold.market import lite_market
from functions.adapter.in_.manifold.text import plain_text, slug_of
from functions.adapter.in_.manifold.use_cases import ManifoldUseCases
from functions.adapter.in_.surface.application import Call, OpenBody
from functions.adapter.in_.surface.numbers import Milliseconds, instant_of
from functions.adapter.in_.surface.refusal import wrong
from functions.api.manifold.manifold.reading import activities_of, names_of

_ATTEMPTS = 5
"""How many slugs are tried: the second has a random end."""
_DRAFTS = ("create", "create 2", "create 3", "create 4", "create 5")
"""The drafts that one key may make: each was deleted when its publication was refused, but the last."""
_EVEN = 50


def _require_text(text: str) -> str:
    if "\x00" in text:
        raise ValueError("must not contain NUL")
    return text


def _require_name(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be blank")
    return _require_text(text)


def _require_tag(text: str) -> str:
    if not is_slug(text):
        raise ValueError("must be of lower-case letters, digits and inner hyphens")
    return text


type _Text = Annotated[str, AfterValidator(_require_text), Field(max_length=MAX_TEXT)]
type _Answer = Annotated[str, AfterValidator(_require_name), Field(max_length=MAX_OUTCOME_NAME)]
type _Tag = Annotated[str, AfterValidator(_require_tag), Field(max_length=MAX_TAG)]


class MarketBody(OpenBody):
    """A market; members that the original has for other kinds of market are passed over."""

    outcome_type: Literal["BINARY", "MULTIPLE_CHOICE"]
    question: Annotated[str, AfterValidator(_require_name), Field(max_length=MAX_NAME)]
    description: Annotated[_Text, BeforeValidator(plain_text)] = ""
    description_markdown: _Text = ""
    close_time: Milliseconds | None = None
    initial_prob: float = _EVEN
    answers: list[_Answer] = Field(default=[], max_length=MAX_OUTCOMES)
    tags: list[_Tag] = Field(default=[], max_length=MAX_TAGS)
    visibility: Literal["public"] = "public"

    def definition(self) -> MarketDefinition:
        """What the domain calls it.

        Raises:
            SurfaceError: its members do not fit one another.
        """
        if self.initial_prob != _EVEN:
            raise wrong("initialProb", "must be 50: every market opens even")
        if (self.outcome_type == "BINARY") == bool(self.answers):
            raise wrong("answers", "are for MULTIPLE_CHOICE, which needs at least three")
        if self.answers and len(self.answers) <= 2:  # noqa: PLR2004 - those are YES and NO
            raise wrong("answers", "must be at least three: of two, one is YES and the other NO")
        return MarketDefinition(
            name=self.question,
            description=self.description or self.description_markdown,
            outcomes=tuple(self.answers) or ("YES", "NO"),
            closes_at=None if self.close_time is None else instant_of(self.close_time),
            tags=tuple(self.tags),
        )


class Publishing:
    """The operation that makes markets."""

    def __init__(self, use_cases: ManifoldUseCases) -> None:
        self._use_cases = use_cases

    async def create_market(self, call: Call) -> object:
        """Draft a market and publish it; where it cannot be published there is no draft either."""
        result = await self._publish(call, call.body(MarketBody).definition())
        if result.replayed:
            call.replayed()
        (activity,) = await activities_of(self._use_cases, [result.listing])
        creator = result.listing.market.creator
        names = await names_of(self._use_cases, [creator])
        return lite_market(result.listing, activity, names[creator], call.origin)

    async def _publish(self, call: Call, definition: MarketDefinition) -> PublishMarketResult:
        """Draft the market and publish it. A draft that is gone was deleted when this request was refused before."""
        for name in _DRAFTS:
            slug = (await self._draft(call, definition, name)).market.slug
            request = PublishMarketRequest(call.account, slug, call.step("publish"))
            with suppress(MarketNotFoundError):
                return await self._publish_or_delete(request)
        raise MarketNotFoundError(slug_of(definition.name))

    async def _publish_or_delete(self, request: PublishMarketRequest) -> PublishMarketResult:
        try:
            return await self._use_cases.publish_market.execute(request)
        except (ContentionError, MarketAlreadyPublishedError, MarketNotFoundError):
            raise  # it is no draft, or perhaps none: the same request goes on where this one ended
        except DomainError:
            await self._use_cases.delete_draft.execute(DeleteDraftRequest(request.caller, request.slug))
            raise

    async def _draft(self, call: Call, definition: MarketDefinition, name: str) -> Listing:
        """A draft under the first slug that is free. Under one key it is the same draft again, whatever is free now."""
        slug = slug_of(definition.name)
        for _ in range(_ATTEMPTS):
            try:
                request = CreateMarketRequest(call.account, slug, definition, call.step(name))
                return (await self._use_cases.create_market.execute(request)).listing
            except SlugTakenError:
                slug = f"{slug_of(definition.name)}-{secrets.token_hex(4)}"
        raise SlugTakenError(slug)
