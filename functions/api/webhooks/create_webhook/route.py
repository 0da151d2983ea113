"""POST /v1/webhooks."""

from typing import Annotated

from pydantic import AfterValidator, Field

from domain.application.webhooks.create_webhook import CreateWebhookRequest, CreateWebhookResult
from domain.event.market_events import EventType
from domain.model.webhooks.address import MAX_URL, parse_target
from domain.model.webhooks.webhook import Subscription
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.caching import forbid_caching
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.messages import Response
from functions.adapter.in_.http.schemas import RequestBody, Slug
from functions.adapter.in_.http.webhook import NewWebhookResponse


def _require_url(text: str) -> str:
    parse_target(text)
    return text


class CreateWebhookBody(RequestBody):
    """An address to tell what happens."""

    url: Annotated[str, AfterValidator(_require_url)] = Field(max_length=MAX_URL, examples=["https://example.com/hook"])
    market: Slug | None = Field(default=None, description="The one market it is about; all where absent.")
    types: list[Annotated[EventType, Field(strict=False)]] | None = Field(
        default=None, min_length=1, max_length=len(EventType), description="The events; all where absent."
    )

    def subscription(self) -> Subscription:
        """What the domain calls it; each type once."""
        types = self.types and tuple(dict.fromkeys(type_.value for type_ in self.types))
        return Subscription(self.url, self.market, types or None)


def create_route(create_webhook: UseCase[CreateWebhookRequest, CreateWebhookResult]) -> Route:
    """The route over the use case."""

    async def endpoint(response: Response, caller: SignedInCaller, body: CreateWebhookBody) -> NewWebhookResponse:
        result = await create_webhook.execute(CreateWebhookRequest(caller, body.subscription()))
        forbid_caching(response)
        return NewWebhookResponse.of_secret(result.webhook)

    return endpoint_route("create_webhook", endpoint)
