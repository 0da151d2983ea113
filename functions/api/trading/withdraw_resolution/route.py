"""POST /v1/markets/{slug}/withdraw-resolution."""

from domain.application.trading.withdraw_resolution import WithdrawResolutionRequest, WithdrawResolutionResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.idempotency import OptionalKey, mark_replay
from functions.adapter.in_.http.market import MarketResponse
from functions.adapter.in_.http.messages import Response
from functions.adapter.in_.http.schemas import EmptyBody


def create_route(withdraw_resolution: UseCase[WithdrawResolutionRequest, WithdrawResolutionResult]) -> Route:
    """The route over the use case."""

    async def endpoint(
        response: Response, slug: str, caller: SignedInCaller, idempotency: OptionalKey, body: EmptyBody | None = None
    ) -> MarketResponse:
        result = await withdraw_resolution.execute(WithdrawResolutionRequest(caller, slug, idempotency))
        mark_replay(response, replayed=result.replayed)
        return MarketResponse.of(result.listing)

    return endpoint_route("withdraw_resolution", endpoint)
