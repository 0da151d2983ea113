"""GET /v1/webhooks/{id}."""

from domain.application.webhooks.get_webhook import GetWebhookRequest, GetWebhookResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.webhook import WebhookResponse


def create_route(get_webhook: UseCase[GetWebhookRequest, GetWebhookResult]) -> Route:
    """The route over the use case."""

    async def endpoint(id: str, caller: SignedInCaller) -> WebhookResponse:
        return WebhookResponse.of((await get_webhook.execute(GetWebhookRequest(caller, id))).webhook)

    return endpoint_route("get_webhook", endpoint)
