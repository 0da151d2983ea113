"""Who is asking: the seam between the routes and whatever checks credentials."""

from typing import Annotated, Protocol

from fastapi import Depends, Request

from domain.model.caller import Caller
from functions.adapter.in_.http.problem_details import unauthenticated
from functions.registry import Access


class Authenticator(Protocol):
    """Checks the credential of a request."""

    async def authenticate(self, request: Request) -> Caller | None:
        """The caller that the request's credential names; None when it carries none.

        Raises:
            ProblemError: the credential is bad.
        """
        ...


async def identify_caller(request: Request, access: Access) -> Caller | None:
    """The caller of a request, checked against what the endpoint asks for.

    Raises:
        ProblemError: the credential is bad, or is missing where one is needed.
    """
    authenticator: Authenticator = request.app.state.authenticator
    caller = await authenticator.authenticate(request)
    if caller is None and access is Access.ACCOUNT:
        raise unauthenticated("Sign in, and send the token as 'Authorization: Bearer <token>'.")
    return caller


async def _optional_caller(request: Request) -> Caller | None:
    caller: Caller | None = request.state.caller
    return caller


async def _required_caller(request: Request) -> Caller:
    caller: Caller = request.state.caller
    return caller


OptionalCaller = Annotated[Caller | None, Depends(_optional_caller)]
"""The caller of an endpoint that anybody may call."""

SignedInCaller = Annotated[Caller, Depends(_required_caller)]
"""The caller of an endpoint that needs an account."""
