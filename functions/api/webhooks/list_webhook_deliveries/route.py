"""GET /v1/webhooks/{id}/deliveries."""

from domain.application.webhooks.list_webhook_deliveries import (
    ListWebhookDeliveriesRequest,
    ListWebhookDeliveriesResult,
)
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.messages import Request
from functions.adapter.in_.http.paging import DEFAULT_LIMIT, Cursor, CursorScope, Limit
from functions.adapter.in_.http.schemas import ResponseBody
from functions.adapter.in_.http.webhook import DeliveryResponse


class DeliveriesResponse(ResponseBody):
    """A page of deliveries."""

    deliveries: list[DeliveryResponse]
    cursor: str | None


def create_route(
    list_webhook_deliveries: UseCase[ListWebhookDeliveriesRequest, ListWebhookDeliveriesResult],
) -> Route:
    """The route over the use case."""

    async def endpoint(
        *, request: Request, id: str, caller: SignedInCaller, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
    ) -> DeliveriesResponse:
        scope = CursorScope(request.path, {}, caller)
        asked = ListWebhookDeliveriesRequest(caller, id, limit, scope.position(cursor))
        page = (await list_webhook_deliveries.execute(asked)).page
        return DeliveriesResponse(
            deliveries=[DeliveryResponse.of(item) for item in page.items], cursor=scope.issue(page.cursor)
        )

    return endpoint_route("list_webhook_deliveries", endpoint)
