"""DELETE /v1/webhooks/{id}."""

from fastapi import APIRouter

from domain.application.webhooks.delete_webhook import DeleteWebhookRequest, DeleteWebhookResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.endpoint import endpoint_router


def create_router(delete_webhook: UseCase[DeleteWebhookRequest, DeleteWebhookResult]) -> APIRouter:
    """The route over the use case."""

    async def endpoint(id: str, caller: SignedInCaller) -> None:
        await delete_webhook.execute(DeleteWebhookRequest(caller, id))

    return endpoint_router("delete_webhook", endpoint)
