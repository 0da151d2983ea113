"""Who is asking, as the API Gateway authorizer found out."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request

from domain.model.caller import Caller, Role


class GatewayAuthenticator:
    """Takes the caller from the event; the authorizer has refused a bad credential before."""

    async def authenticate(self, request: Request) -> Caller | None:
        """The caller that the authorizer named; None when it named none."""
        return caller_of(request.scope["aws.event"])


def caller_of(event: Mapping[str, Any]) -> Caller | None:
    """The caller of a REST API event.

    The authorizer's context has strings only: ``account``, and ``roles`` separated by blanks. Its ``principalId`` says
    nothing, because an authorizer has to name one for anonymous requests too. A role that this release does not know
    gives nothing.
    """
    context = event["requestContext"].get("authorizer") or {}
    account = context.get("account")
    if not account:
        return None
    names = (context.get("roles") or "").split()
    return Caller(account, frozenset(role for role in Role if role.value in names))
