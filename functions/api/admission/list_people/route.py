"""GET /v1/people."""

from domain.application.admission.list_people import ListPeopleRequest, ListPeopleResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.messages import Request
from functions.adapter.in_.http.paging import DEFAULT_LIMIT, Cursor, CursorScope, Limit
from functions.adapter.in_.http.person import CameBy, PersonResponse
from functions.adapter.in_.http.schemas import ResponseBody


class PeopleResponse(ResponseBody):
    """A page of them, in no order."""

    people: list[PersonResponse]
    cursor: str | None


def create_route(list_people: UseCase[ListPeopleRequest, ListPeopleResult]) -> Route:
    """Show a page of the accounts."""

    async def endpoint(
        *,
        request: Request,
        caller: SignedInCaller,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
        invitation: CameBy = None,
    ) -> PeopleResponse:
        scope = CursorScope(request.path, {"invitation": invitation}, caller)
        wanted = ListPeopleRequest(caller, limit, scope.position(cursor), invitation)
        page = (await list_people.execute(wanted)).page
        return PeopleResponse(
            people=[PersonResponse.of(account) for account in page.items], cursor=scope.issue(page.cursor)
        )

    return endpoint_route("list_people", endpoint)
