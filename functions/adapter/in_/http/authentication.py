"""Who is asking: the seam between the routes and whatever checks credentials."""

import asyncio
import contextlib
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from domain.model.kernel.caller import Caller, Scope
from domain.model.kernel.errors import BadCredentialError
from functions.adapter.in_.http.messages import Request
from functions.adapter.in_.http.problem_details import unauthenticated
from functions.registry import HTTP_TRIGGERS, Access, Http

if TYPE_CHECKING:
    from functions.adapter.in_.http.rate_limit import CallerLimits

_HEALTH = HTTP_TRIGGERS["get_health"]


class Authenticator(Protocol):
    """Checks the credential of a request."""

    async def authenticate(self, request: Request) -> Caller | None:
        """The caller that the request's credential names; None when it carries none.

        Raises:
            BadCredentialError: the credential is bad.
        """
        ...


ANONYMOUS_READS = 2
"""How many reads without a credential are answered at the same time; the others wait for their turn."""


@dataclass(frozen=True, slots=True)
class Entrance:
    """What a request passes before it reaches its route.

    Args:
        authenticator: what checks credentials.
        is_private: whether nothing can be read without signing in.
        rate_limits: how often callers may ask; None for any number of times.
    """

    authenticator: Authenticator
    is_private: bool = False
    rate_limits: "CallerLimits | None" = None
    _anonymous_reads: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(ANONYMOUS_READS), init=False)

    async def admit(self, request: Request, trigger: Http) -> Caller | None:
        """The caller of a request; None for one without a credential, where none is needed.

        Raises:
            ProblemError: the credential is bad, or is missing where one is needed, or the caller asks too often.
        """
        try:
            caller = await self.authenticator.authenticate(request)
        except BadCredentialError as error:
            await self._count(request, trigger, None)
            raise unauthenticated(str(error)) from error
        await self._count(request, trigger, caller)
        is_needed = trigger.access is Access.ACCOUNT or (self.is_private and trigger.access is Access.OPTIONAL)
        if caller is None and is_needed:
            raise unauthenticated("Sign in, and send the token as 'Authorization: Bearer <token>'.")
        return caller

    async def _count(self, request: Request, trigger: Http, caller: Caller | None) -> None:
        # Whatever watches the server asks for its health, and restarts it unless the answer is 200.
        if self.rate_limits is not None and trigger is not _HEALTH:
            await self.rate_limits.count(request, caller)

    def turn(self, caller: Caller | None) -> AbstractAsyncContextManager[None]:
        """The time in which a read is answered: at once for who has signed in, the others a few at a time.

        However many read without a credential, an order waits for a few of them at each of its steps, not for all.
        """
        return contextlib.nullcontext() if caller else self._anonymous_reads

    def seen_by(self, caller: Caller | None, trigger: Http) -> Caller | None:
        """Whom a route sees.

        Where anybody may read, a key that is good for something else, and a suspended account, see what anybody sees.
        """
        is_open = trigger.access is Access.OPTIONAL and not self.is_private
        is_nobody = caller and (caller.is_suspended or Scope(trigger.needed_scope) not in caller.scopes)
        return None if is_open and is_nobody else caller


OptionalCaller = Caller | None
"""The caller of an endpoint that anybody may call."""

SignedInCaller = Caller
"""The caller of an endpoint that needs an account."""
