"""GET /v1/invitations."""

from domain.application.admission.list_invitations import ListInvitationsRequest, ListInvitationsResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.invitation import InvitationResponse
from functions.adapter.in_.http.messages import Request
from functions.adapter.in_.http.paging import DEFAULT_LIMIT, Cursor, CursorScope, Limit
from functions.adapter.in_.http.schemas import ResponseBody


class InvitationsResponse(ResponseBody):
    """A page of them."""

    invitations: list[InvitationResponse]
    cursor: str | None


def create_route(list_invitations: UseCase[ListInvitationsRequest, ListInvitationsResult]) -> Route:
    """The route over the use case."""

    async def endpoint(
        *, request: Request, caller: SignedInCaller, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
    ) -> InvitationsResponse:
        scope = CursorScope(request.path, {}, caller)
        page = (await list_invitations.execute(ListInvitationsRequest(caller, limit, scope.position(cursor)))).page
        invitations = [InvitationResponse.of(item, request) for item in page.items]
        return InvitationsResponse(invitations=invitations, cursor=scope.issue(page.cursor))

    return endpoint_route("list_invitations", endpoint)
