"""The Authenticator of a server that no gateway stands before; functions behind one need not load it."""

from domain.application.admission.authorize import AuthorizeRequest, AuthorizeResult
from domain.model.kernel.caller import Caller
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.messages import Request


class HeaderAuthenticator:
    """Verifies the Authorization header itself.

    Args:
        authorize: what believes it, or not.
    """

    def __init__(self, authorize: UseCase[AuthorizeRequest, AuthorizeResult]) -> None:
        self._authorize = authorize

    async def authenticate(self, request: Request) -> Caller | None:
        """The caller that the header names; None when there is none."""
        credentials = tuple(request.header("authorization"))
        return (await self._authorize.execute(AuthorizeRequest(credentials))).caller
