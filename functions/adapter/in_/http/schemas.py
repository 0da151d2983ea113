"""The shapes that several endpoints share, and how domain values become them."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, NamedTuple, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)

from domain.event.market_events import resolution_document
from domain.model.history.trend import Trend, trend_of
from domain.model.kernel.names import HIDDEN, SLUG_PATTERN, has_hidden, is_slug
from domain.model.kernel.notation import format_micros, format_time
from domain.model.ledger.journal import EntryKind, JournalEntry, entry_document
from domain.model.trading.book import Listing, shown_prices
from domain.model.trading.market import MAX_OUTCOME_NAME, MAX_TAG, Market, MarketStatus
from domain.model.trading.order import Order, OrderStatus, OrderTerms, TimeInForce, average_price
from domain.model.trading.trade import OutcomePrice, Side, Trade, trade_document
from functions.adapter.in_.http.decimal_string import LIMIT_PRICE, POSITIVE, read_instant
from functions.adapter.in_.http.problem_details import ProblemDetails, invalid


def _publish_as_optional(schema: dict[str, Any], body: type["RequestBody"]) -> None:
    """Say of members that may be left out, but not be null, just that."""
    for name, member in schema.get("properties", {}).items():
        if "default" in member and member["default"] is None:
            del member["default"]
            if name not in body.NULLABLE and "anyOf" in member:
                member.update(next(branch for branch in member.pop("anyOf") if branch != {"type": "null"}))


class RequestBody(BaseModel):
    """A request's body: exactly the members named, of exactly their types."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, json_schema_extra=_publish_as_optional)

    NULLABLE: ClassVar[frozenset[str]] = frozenset()
    """The members for which null means something."""

    @field_validator("*", mode="before")
    @classmethod
    def _refuse_null(cls, value: object, info: ValidationInfo) -> object:
        if value is None and info.field_name not in cls.NULLABLE:
            raise ValueError("must not be null: leave it out")
        return value


class EmptyBody(RequestBody):
    """The body of a request that needs none: nothing, or an empty object."""


class ResponseBody(BaseModel):
    """An answer's body."""

    model_config = ConfigDict(frozen=True)


def _refuse_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("must not contain NUL")
    return text


def _refuse_hidden(text: str) -> str:
    if has_hidden(text):
        raise ValueError("must not contain control, zero-width or bidirectional characters")
    return text


def _refuse_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be blank")
    return text


def _require_slug(text: str) -> str:
    if not is_slug(text):
        raise ValueError("must be of lower-case letters, digits and inner hyphens")
    return text


_NO_NUL, _NOT_BLANK = r"[^\u0000]*", r"[^\s\u0000\u001c-\u001f\u0085]"
"""What is blank differs between dialects of patterns: excluded is whatever is blank to one of them, or to Python."""


def _read_integer(value: object) -> object:
    """An integer, however it is written: JSON has one kind of number, and 3.0 is an integer by JSON Schema."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Integer = Annotated[int, BeforeValidator(_read_integer)]
Text = Annotated[str, AfterValidator(_refuse_nul), Field(json_schema_extra={"pattern": f"^{_NO_NUL}$"})]
Name = Annotated[
    Text,
    AfterValidator(_refuse_blank),
    Field(min_length=1, json_schema_extra={"pattern": f"^{_NO_NUL}{_NOT_BLANK}{_NO_NUL}$"}),
]
OutcomeName = Annotated[Text, Field(min_length=1, max_length=MAX_OUTCOME_NAME)]
MarketOutcome = Annotated[
    str,
    AfterValidator(_refuse_hidden),
    AfterValidator(_refuse_blank),
    Field(
        min_length=1,
        max_length=MAX_OUTCOME_NAME,
        json_schema_extra={"pattern": rf"^[^{HIDDEN}]*[^\s{HIDDEN}][^{HIDDEN}]*$"},
    ),
]
Slug = Annotated[str, AfterValidator(_require_slug), Field(max_length=64, json_schema_extra={"pattern": SLUG_PATTERN})]
Tag = Annotated[Slug, Field(max_length=MAX_TAG)]
Instant = Annotated[datetime, BeforeValidator(read_instant), WithJsonSchema({"type": "string", "format": "date-time"})]
Decimal = Annotated[str, Field(pattern=r"^-?(0|[1-9][0-9]*)\.[0-9]{6}$", examples=["0.512494"])]
Time = Annotated[str, Field(json_schema_extra={"format": "date-time"}, examples=["2030-01-31T12:00:00.000000Z"])]


class Alternative(NamedTuple):
    """One of the forms that a body may have.

    Args:
        name: what it is called in the document.
        required: the member that makes it this form.
        excluded: the member of another form.
        narrowed: schemas of members that this form takes less of.
    """

    name: str
    required: str
    excluded: str
    narrowed: Mapping[str, Any] = MappingProxyType({})


def publish_alternatives(*alternatives: Alternative) -> Callable[[dict[str, Any], type[RequestBody]], None]:
    """What to publish of a body that has exactly one of some forms: each as a whole schema with a name.

    Conditions on one schema would say the same, and programs that generate clients do not read them.
    """

    def publish(schema: dict[str, Any], body: type[RequestBody]) -> None:
        _publish_as_optional(schema, body)
        forms = [_form(schema, alternative) for alternative in alternatives]
        described = {name: schema[name] for name in ("title", "description")}
        schema.clear()
        schema.update(described, anyOf=forms)

    return publish


def _form(schema: Mapping[str, Any], alternative: Alternative) -> dict[str, Any]:
    members = {name: member for name, member in schema["properties"].items() if name != alternative.excluded}
    return {
        **schema,
        "title": alternative.name,
        "properties": {**members, **alternative.narrowed},
        "required": [*schema.get("required", ()), alternative.required],
    }


class OrderBody(RequestBody):
    """An order, or the quote for one: give ``quantity`` or, to buy, ``spend``."""

    model_config = ConfigDict(
        json_schema_extra=publish_alternatives(
            Alternative("OrderByQuantity", "quantity", "spend"),
            Alternative(
                "OrderBySpend",
                "spend",
                "quantity",
                {"side": {"type": "string", "const": Side.BUY, "title": "Side", "examples": [Side.BUY]}},
            ),
        )
    )

    outcome: OutcomeName = Field(examples=["YES"])
    side: Annotated[Side, Field(strict=False)]
    quantity: Annotated[int | None, POSITIVE] = Field(default=None, examples=["10"])
    spend: Annotated[int | None, POSITIVE] = None
    limit_price: Annotated[int | None, LIMIT_PRICE] = None
    time_in_force: Annotated[TimeInForce, Field(strict=False)] = TimeInForce.FILL_OR_KILL
    version: Integer | None = None

    def terms(self) -> OrderTerms:
        """What the domain calls it.

        Raises:
            ProblemError: it names both a quantity and a spend, or neither, or a spend for a sale.
        """
        if (self.quantity is None) == (self.spend is None):
            raise invalid("quantity", "give either quantity or spend")
        if self.spend is not None and self.side is Side.SELL:
            raise invalid("spend", "only a purchase takes a spend; give the quantity to sell")
        return OrderTerms(
            outcome=self.outcome,
            side=self.side,
            quantity=self.quantity,
            spend=self.spend,
            limit_price=self.limit_price,
            time_in_force=self.time_in_force,
            version=self.version,
        )


class OutcomeResponse(ResponseBody):
    """An outcome and what it trades at."""

    name: str
    price: Decimal
    shares: Decimal


class ResolutionResponse(ResponseBody):
    """What was decided: payouts, or None for a void; why; and when it is paid, until when it may be withdrawn."""

    payouts: dict[str, Decimal] | None
    reason: str | None
    resolved_at: Time
    settles_at: Time


class ClarificationResponse(ResponseBody):
    """What was added to the rules of a market since it was published."""

    text: str
    created_at: Time


class TrendResponse(ResponseBody):
    """Shown prices of one outcome at the end of the last hours, oldest first, and last the present one."""

    outcome: str
    prices: list[Decimal]


class MarketResponse(ResponseBody):
    """A market."""

    slug: str
    name: str
    description: str
    rules: str
    status: MarketStatus
    outcomes: list[OutcomeResponse]
    liquidity: Decimal
    subsidy: Decimal
    volume: Decimal
    trade_count: int
    creator: str
    tags: list[str]
    created_at: Time
    published_at: Time | None
    closes_at: Time | None
    resolution: ResolutionResponse | None
    version: int
    position: int = Field(description="Of its last event; 0 as long as it is a draft.")
    traders: int
    trend: TrendResponse | None
    clarifications: list[ClarificationResponse]

    @classmethod
    def of(cls, listing: Listing, trend: Trend | None = None) -> Self:
        """The answer for a market as it reads at some instant.

        Args:
            listing: the market and its book.
            trend: its trend; where a write is answered, which reads no history, the present price alone.
        """
        market, book = listing
        return cls(
            slug=market.slug,
            name=market.name,
            description=market.description,
            rules=market.rules,
            status=market.status,
            outcomes=[
                OutcomeResponse(name=shown.outcome, price=format_micros(shown.price), shares=format_micros(shares))
                for shown, shares in zip(shown_prices(book), book.quantities, strict=True)
            ],
            liquidity=format_micros(market.liquidity),
            subsidy=format_micros(book.subsidy.amount),
            volume=format_micros(book.volume.amount),
            trade_count=book.version,
            creator=market.creator,
            tags=list(market.tags),
            created_at=format_time(market.created_at),
            published_at=format_time(market.published_at) if market.published_at else None,
            closes_at=format_time(market.closes_at) if market.closes_at else None,
            resolution=_resolution(market),
            version=book.version,
            position=0 if market.status is MarketStatus.DRAFT else book.position,
            traders=book.holders,
            trend=_trend(listing, trend),
            clarifications=[
                ClarificationResponse(text=added.text, created_at=format_time(added.created_at))
                for added in market.clarifications
            ],
        )


def _trend(listing: Listing, trend: Trend | None) -> TrendResponse | None:
    market = listing.market
    if market.published_at is None:
        return None
    known = trend or trend_of(listing, None, market.published_at)
    if known is None:
        return None
    return TrendResponse(outcome=known.outcome, prices=[format_micros(price) for price in known.prices])


def _is_none(value: object) -> bool:
    return value is None


def price_map(prices: Iterable[OutcomePrice]) -> dict[str, str]:
    """Shown prices, keyed by outcome name."""
    return {shown.outcome: format_micros(shown.price) for shown in prices}


def _resolution(market: Market) -> ResolutionResponse | None:
    if market.resolution is None:
        return None
    return ResolutionResponse.model_validate(resolution_document(market.resolution, market.outcomes))


class TradeResponse(ResponseBody):
    """A trade; see the contract for what its digest is taken of."""

    id: str
    market: str
    account: str
    outcome: str
    side: Side
    quantity: Decimal
    amount: Decimal
    prices_after: dict[str, Decimal]
    version: int
    digest: str
    created_at: Time

    @classmethod
    def of(cls, trade: Trade) -> Self:
        """The answer for a trade."""
        return cls.model_validate(trade_document(trade))


class TradesResponse(ResponseBody):
    """A page of trades."""

    trades: list[TradeResponse]
    cursor: str | None


class JournalEntryResponse(ResponseBody):
    """A movement of an account's money; ``amount`` is signed, and all amounts add up to the balance."""

    id: str
    kind: EntryKind
    amount: Decimal
    balance_after: Decimal
    market: str | None = Field(default=None, exclude_if=_is_none)
    reason: str | None = Field(default=None, exclude_if=_is_none)
    created_at: Time

    @classmethod
    def of(cls, entry: JournalEntry) -> Self:
        """The answer for an entry."""
        return cls.model_validate(entry_document(entry))


class OrderResponse(ResponseBody):
    """An order and what became of it; one that was rejected says why in ``problem``."""

    id: str
    market: str
    account: str
    outcome: str
    side: Side
    status: OrderStatus
    quantity: Decimal
    filled_quantity: Decimal
    amount: Decimal
    average_price: Decimal
    trades: list[TradeResponse]
    balance: Decimal
    created_at: Time
    problem: ProblemDetails | None = Field(default=None, exclude_if=_is_none)

    @classmethod
    def of(cls, order: Order) -> Self:
        """The answer for an order."""
        return cls(
            id=order.id,
            market=order.market,
            account=order.account,
            outcome=order.outcome,
            side=order.side,
            status=order.status,
            quantity=format_micros(order.quantity),
            filled_quantity=format_micros(order.filled_quantity),
            amount=format_micros(order.amount.amount),
            average_price=format_micros(average_price(order.amount, order.filled_quantity)),
            trades=[TradeResponse.of(trade) for trade in order.trades],
            balance=format_micros(order.balance.amount),
            created_at=format_time(order.created_at),
        )
