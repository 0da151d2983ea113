"""GET /v1/accounts/{account}/results."""

from typing import Self

from domain.application.record.list_results import ListResultsRequest, ListResultsResult, NamedResult
from domain.model.kernel.notation import format_micros, format_time
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import OptionalCaller
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.messages import Request
from functions.adapter.in_.http.paging import DEFAULT_LIMIT, Cursor, CursorScope, Limit
from functions.adapter.in_.http.schemas import Decimal, ResponseBody, Time


class ResultResponse(ResponseBody):
    """What an account did on one market."""

    market: str
    name: str
    resolved_at: Time
    profit: Decimal
    bought: Decimal
    points: Decimal
    brier: Decimal | None

    @classmethod
    def of(cls, named: NamedResult) -> Self:
        """The answer for a result."""
        result = named.result
        return cls(
            market=result.market,
            name=named.name,
            resolved_at=format_time(result.resolved_at),
            profit=format_micros(result.profit.amount),
            bought=format_micros(result.bought.amount),
            points=format_micros(result.points),
            brier=None if result.brier is None else format_micros(result.brier),
        )


class ResultsResponse(ResponseBody):
    """A page of results."""

    results: list[ResultResponse]
    cursor: str | None


def create_route(list_results: UseCase[ListResultsRequest, ListResultsResult]) -> Route:
    """The route over the use case."""

    async def endpoint(
        *, request: Request, account: str, caller: OptionalCaller, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
    ) -> ResultsResponse:
        scope = CursorScope(request.path, {}, caller)
        page = (await list_results.execute(ListResultsRequest(account, limit, scope.position(cursor)))).page
        results = [ResultResponse.of(item) for item in page.items]
        return ResultsResponse(results=results, cursor=scope.issue(page.cursor))

    return endpoint_route("list_results", endpoint)
