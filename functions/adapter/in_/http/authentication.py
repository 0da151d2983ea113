"""Who is asking: the seam between the routes and whatever checks credentials."""

from dataclasses import dataclass
from typing import Annotated, Protocol

from fastapi import Depends, Request

from domain.model.kernel.caller import Caller, Scope
from domain.model.kernel.errors import BadCredentialError
from functions.adapter.in_.http.problem_details import unauthenticated
from functions.adapter.in_.http.rate_limit import RateLimit
from functions.registry import Access, Http


class Authenticator(Protocol):
    """Checks the credential of a request."""

    async def authenticate(self, request: Request) -> Caller | None:
        """The caller that the request's credential names; None when it carries none.

        Raises:
            BadCredentialError: the credential is bad.
        """
        ...


@dataclass(frozen=True, slots=True)
class Entrance:
    """What a request passes before it reaches its route.

    Args:
        authenticator: what checks credentials.
        is_private: whether nothing can be read without signing in.
        rate_limit: what an account may ask for in a while; None for anything.
    """

    authenticator: Authenticator
    is_private: bool = False
    rate_limit: RateLimit | None = None

    async def admit(self, request: Request, trigger: Http) -> Caller | None:
        """The caller of a request; None for one without a credential, where none is needed.

        Raises:
            ProblemError: the credential is bad, or is missing where one is needed, or the account asks too often.
        """
        try:
            caller = await self.authenticator.authenticate(request)
        except BadCredentialError as error:
            raise unauthenticated(str(error)) from error
        is_needed = trigger.access is Access.ACCOUNT or (self.is_private and trigger.access is Access.OPTIONAL)
        if caller is None and is_needed:
            raise unauthenticated("Sign in, and send the token as 'Authorization: Bearer <token>'.")
        if caller is not None and self.rate_limit is not None:
            self.rate_limit.count(caller.account)
        return caller

    def seen_by(self, caller: Caller | None, trigger: Http) -> Caller | None:
        """Whom a route sees.

        Where anybody may read, a key that is good for something else, and a suspended account, see what anybody sees.
        """
        is_open = trigger.access is Access.OPTIONAL and not self.is_private
        is_nobody = caller and (caller.is_suspended or Scope(trigger.needed_scope) not in caller.scopes)
        return None if is_open and is_nobody else caller


async def enter(request: Request, trigger: Http) -> Caller | None:
    """Let a request in, and keep whom its route sees for the endpoint's parameter.

    Returns:
        The caller that the request's credential names; None when it carries none.

    Raises:
        ProblemError: see :meth:`Entrance.admit`.
    """
    entrance: Entrance = request.app.state.entrance
    caller = await entrance.admit(request, trigger)
    request.state.caller = entrance.seen_by(caller, trigger)
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
