"""GET /v1/leaderboard."""

from typing import Self

from domain.application.record.list_leaders import Leader, ListLeadersRequest, ListLeadersResult
from domain.model.kernel.notation import format_micros
from domain.model.record.track_record import ALL, NO_TAG, Board, Measure
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import OptionalCaller
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.messages import Request
from functions.adapter.in_.http.paging import DEFAULT_LIMIT, Cursor, CursorScope, Limit
from functions.adapter.in_.http.period import DEFAULT_PERIOD, Period
from functions.adapter.in_.http.problem_details import invalid
from functions.adapter.in_.http.schemas import Decimal, ResponseBody, Tag


class LeaderResponse(ResponseBody):
    """An account on the board; equal values share a rank."""

    rank: int
    account: str
    name: str
    markets: int
    profit: Decimal
    bought: Decimal
    points: Decimal
    brier: Decimal | None

    @classmethod
    def of(cls, leader: Leader) -> Self:
        """The answer for an account."""
        record = leader.track_record
        return cls(
            rank=leader.rank,
            account=leader.account.id,
            name=leader.account.shown_name,
            markets=record.markets,
            profit=format_micros(record.profit.amount),
            bought=format_micros(record.bought.amount),
            points=format_micros(record.points),
            brier=None if record.brier is None else format_micros(record.brier),
        )


class LeaderboardResponse(ResponseBody):
    """A page of the board, best first."""

    leaderboard: list[LeaderResponse]
    cursor: str | None
    period: str
    by: Measure


def create_route(list_leaders: UseCase[ListLeadersRequest, ListLeadersResult]) -> Route:
    """The route over the use case."""

    async def endpoint(
        *,
        request: Request,
        caller: OptionalCaller,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
        period: Period = DEFAULT_PERIOD,
        tag: Tag | None = None,
        by: Measure = Measure.POINTS,
    ) -> LeaderboardResponse:
        if tag is not None and period != ALL:
            raise invalid("tag", "choose a tag or a period, not both")
        scope = CursorScope(request.path, {"period": period, "tag": tag, "by": by.value}, caller)
        wanted = ListLeadersRequest(Board(period, tag or NO_TAG, by), limit, scope.position(cursor))
        page = (await list_leaders.execute(wanted)).page
        leaders = [LeaderResponse.of(leader) for leader in page.items]
        return LeaderboardResponse(leaderboard=leaders, cursor=scope.issue(page.cursor), period=period, by=by)

    return endpoint_route("list_leaders", endpoint)
