"""GET /v1/webhooks."""

from domain.application.webhooks.list_webhooks import ListWebhooksRequest, ListWebhooksResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.messages import Request
from functions.adapter.in_.http.paging import DEFAULT_LIMIT, Cursor, CursorScope, Limit
from functions.adapter.in_.http.schemas import ResponseBody
from functions.adapter.in_.http.webhook import WebhookResponse


class WebhooksResponse(ResponseBody):
    """A page of webhooks."""

    webhooks: list[WebhookResponse]
    cursor: str | None


def create_route(list_webhooks: UseCase[ListWebhooksRequest, ListWebhooksResult]) -> Route:
    """The route over the use case."""

    async def endpoint(
        *, request: Request, caller: SignedInCaller, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
    ) -> WebhooksResponse:
        scope = CursorScope(request.path, {}, caller)
        asked = ListWebhooksRequest(caller, limit, scope.position(cursor))
        page = (await list_webhooks.execute(asked)).page
        return WebhooksResponse(
            webhooks=[WebhookResponse.of(item) for item in page.items], cursor=scope.issue(page.cursor)
        )

    return endpoint_route("list_webhooks", endpoint)
