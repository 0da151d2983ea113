"""DELETE /v1/webhooks/{id}."""

from domain.application.webhooks.delete_webhook import DeleteWebhookRequest, DeleteWebhookResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.endpoint import Route, endpoint_route


def create_route(delete_webhook: UseCase[DeleteWebhookRequest, DeleteWebhookResult]) -> Route:
    """The route over the use case."""

    async def endpoint(id: str, caller: SignedInCaller) -> None:
        await delete_webhook.execute(DeleteWebhookRequest(caller, id))

    return endpoint_route("delete_webhook", endpoint)
