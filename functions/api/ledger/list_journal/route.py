"""GET /v1/portfolio/journal."""

from domain.application.ledger.list_journal import ListJournalRequest, ListJournalResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.entry import JournalEntryResponse
from functions.adapter.in_.http.messages import Request
from functions.adapter.in_.http.paging import DEFAULT_LIMIT, Cursor, CursorScope, Limit
from functions.adapter.in_.http.schemas import ResponseBody


class JournalResponse(ResponseBody):
    """A page of them."""

    journal: list[JournalEntryResponse]
    cursor: str | None


def create_route(list_journal: UseCase[ListJournalRequest, ListJournalResult]) -> Route:
    """The route over the use case."""

    async def endpoint(
        *, request: Request, caller: SignedInCaller, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
    ) -> JournalResponse:
        scope = CursorScope(request.path, {}, caller)
        position = scope.position(cursor)
        page = (await list_journal.execute(ListJournalRequest(caller, limit, position))).page
        return JournalResponse(
            journal=[JournalEntryResponse.of(item) for item in page.items], cursor=scope.issue(page.cursor)
        )

    return endpoint_route("list_journal", endpoint)
