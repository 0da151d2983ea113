"""POST /v1/webhooks/{id}/enable."""

from domain.application.webhooks.enable_webhook import EnableWebhookRequest, EnableWebhookResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.schemas import EmptyBody
from functions.adapter.in_.http.webhook import WebhookResponse


def create_route(enable_webhook: UseCase[EnableWebhookRequest, EnableWebhookResult]) -> Route:
    """The route over the use case."""

    async def endpoint(id: str, caller: SignedInCaller, body: EmptyBody | None = None) -> WebhookResponse:
        return WebhookResponse.of((await enable_webhook.execute(EnableWebhookRequest(caller, id))).webhook)

    return endpoint_route("enable_webhook", endpoint)
