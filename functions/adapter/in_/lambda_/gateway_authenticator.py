"""Who is asking, as the API Gateway authorizer found out."""

from domain.model.kernel.caller import Caller
from functions.adapter.in_.http.messages import Request
from functions.adapter.in_.lambda_.gateway_context import caller_of


class GatewayAuthenticator:
    """Takes the caller from the event; the authorizer has refused a bad credential before."""

    async def authenticate(self, request: Request) -> Caller | None:
        """The caller that the authorizer named; None when it named none."""
        return caller_of(request.scope["aws.event"])
