"""GET /v1/accounts/{account}/record."""

from typing import Self

from pydantic import Field

from domain.application.record.get_record import GetRecordRequest, GetRecordResult
from domain.model.kernel.money import MICROS
from domain.model.kernel.notation import format_micros
from domain.model.record.result import CalibrationStep
from domain.model.record.score import to_micros
from domain.model.trading.buys import STEPS
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import OptionalCaller
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.period import DEFAULT_PERIOD, Period
from functions.adapter.in_.http.schemas import Decimal, ResponseBody

_WIDTH = MICROS // STEPS


class CalibrationResponse(ResponseBody):
    """Shares bought at shown prices from one on and below another, and what they paid out."""

    from_: Decimal = Field(serialization_alias="from")
    to: Decimal
    shares: Decimal
    paid: Decimal

    @classmethod
    def of(cls, step: CalibrationStep) -> Self:
        """The answer for a step."""
        return cls(
            from_=format_micros(step.step * _WIDTH),
            to=format_micros((step.step + 1) * _WIDTH),
            shares=format_micros(to_micros(step.shares)),
            paid=format_micros(to_micros(step.paid)),
        )


class RecordResponse(ResponseBody):
    """What an account did on the markets that were resolved in a period."""

    account: str
    name: str
    period: str
    markets: int
    profit: Decimal
    bought: Decimal
    points: Decimal
    brier: Decimal | None
    calibration: list[CalibrationResponse]

    @classmethod
    def of(cls, result: GetRecordResult) -> Self:
        """The answer for a record."""
        account, record = result.account, result.track_record
        return cls(
            account=account.id,
            name=account.shown_name,
            period=record.period,
            markets=record.markets,
            profit=format_micros(record.profit.amount),
            bought=format_micros(record.bought.amount),
            points=format_micros(record.points),
            brier=None if record.brier is None else format_micros(record.brier),
            calibration=[CalibrationResponse.of(step) for step in record.steps],
        )


def create_route(get_record: UseCase[GetRecordRequest, GetRecordResult]) -> Route:
    """The route over the use case."""

    async def endpoint(account: str, caller: OptionalCaller, period: Period = DEFAULT_PERIOD) -> RecordResponse:
        return RecordResponse.of(await get_record.execute(GetRecordRequest(account, period)))

    return endpoint_route("get_record", endpoint)
