"""POST /v1/webhooks/{id}/rotate-secret."""

from domain.application.webhooks.rotate_webhook_secret import RotateWebhookSecretRequest, RotateWebhookSecretResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.caching import forbid_caching
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.messages import Response
from functions.adapter.in_.http.schemas import EmptyBody
from functions.adapter.in_.http.webhook import NewWebhookResponse


def create_route(
    rotate_webhook_secret: UseCase[RotateWebhookSecretRequest, RotateWebhookSecretResult],
) -> Route:
    """The route over the use case."""

    async def endpoint(
        response: Response, id: str, caller: SignedInCaller, body: EmptyBody | None = None
    ) -> NewWebhookResponse:
        result = await rotate_webhook_secret.execute(RotateWebhookSecretRequest(caller, id))
        forbid_caching(response)
        return NewWebhookResponse.of_secret(result.webhook)

    return endpoint_route("rotate_webhook_secret", endpoint)
