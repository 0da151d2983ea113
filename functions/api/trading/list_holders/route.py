"""GET /v1/markets/{slug}/holders."""

from typing import Annotated, Literal, Self

from pydantic import Field

from domain.application.trading.list_holders import Holder, ListHoldersRequest, ListHoldersResult
from domain.model.kernel.notation import format_micros
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import OptionalCaller
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.messages import Request
from functions.adapter.in_.http.paging import DEFAULT_LIMIT, Cursor, CursorScope, Limit
from functions.adapter.in_.http.problem_details import invalid
from functions.adapter.in_.http.schemas import Decimal, OutcomeName, ResponseBody


class HolderResponse(ResponseBody):
    """Shares of one outcome in one account."""

    account: str
    outcome: str
    quantity: Decimal

    @classmethod
    def of(cls, holder: Holder) -> Self:
        """The answer for a holder."""
        return cls(account=holder.account, outcome=holder.outcome, quantity=format_micros(holder.quantity))


class HoldersResponse(ResponseBody):
    """A page of them."""

    holders: list[HolderResponse]
    cursor: str | None


def create_route(list_holders: UseCase[ListHoldersRequest, ListHoldersResult]) -> Route:
    """List who holds shares: everybody in no order, or the largest holders of one outcome."""

    async def endpoint(
        *,
        request: Request,
        slug: str,
        caller: OptionalCaller,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
        order: Annotated[Literal["quantity"] | None, Field(description="With `outcome`: the largest first.")] = None,
        outcome: Annotated[OutcomeName | None, Field(description="With `order=quantity`.")] = None,
    ) -> HoldersResponse:
        if (order is None) != (outcome is None):
            raise invalid("outcome" if outcome is None else "order", "give both of order and outcome, or neither")
        scope = CursorScope(request.path, {"order": order, "outcome": outcome}, caller)
        position = scope.position(cursor)
        page = (await list_holders.execute(ListHoldersRequest(slug, limit, position, caller, outcome))).page
        return HoldersResponse(
            holders=[HolderResponse.of(item) for item in page.items], cursor=scope.issue(page.cursor)
        )

    return endpoint_route("list_holders", endpoint)
