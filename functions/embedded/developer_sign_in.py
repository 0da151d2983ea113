"""Sign-in without a password, for one's own machine: whoever reaches the loopback address may be anybody."""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated

import jwt
from fastapi import APIRouter, Request
from pydantic import Field

from domain.model.caller import Caller, Role
from domain.model.journal import HOUSE
from domain.port.out.clock import Clock
from functions.adapter.in_.http.endpoint import trigger_router
from functions.adapter.in_.http.problem_details import invalid, unauthenticated
from functions.adapter.in_.http.schemas import RequestBody, ResponseBody, Slug
from functions.registry import Access, Http

SIGN_IN = Http("POST", "/v1/dev/sign-in", Access.PUBLIC, HTTPStatus.OK, "Sign in on this machine", "Instance")
SECRET_NAME = "developer sign-in"  # noqa: S105 -- the name under which the instance keeps it
_ISSUER = "hunch-developer"
_ALGORITHM = "HS256"
_VALIDITY = timedelta(days=30)


class SignInBody(RequestBody):
    """Who to be."""

    account: Slug = Field(examples=["alice"])
    roles: list[Annotated[Role, Field(strict=False)]] = Field(default=[], max_length=len(Role), examples=[["admin"]])


class SignInResponse(ResponseBody):
    """A token to send as ``Authorization: Bearer <token>``."""

    token: str


class DeveloperTokens:
    """Issues and checks the tokens of the developer sign-in.

    Args:
        secret: what they are signed with; kept with the database, so tokens outlive a restart.
        clock: for their expiry.
    """

    def __init__(self, secret: str, clock: Clock) -> None:
        self._secret = secret
        self._clock = clock

    def issue(self, caller: Caller) -> str:
        """A token that makes its bearer this caller."""
        claims = {
            "iss": _ISSUER,
            "sub": caller.account,
            "roles": sorted(role.value for role in caller.roles),
            "exp": self._clock.now() + _VALIDITY,
        }
        return jwt.encode(claims, self._secret, _ALGORITHM)

    async def authenticate(self, request: Request) -> Caller | None:
        """The caller whose token the request carries; None when it carries none.

        Raises:
            ProblemError: there is a credential, and it is not one of these tokens, or an expired one.
        """
        credentials = request.headers.getlist("authorization")
        if not credentials:
            return None
        scheme, _, token = credentials[0].partition(" ")
        if len(credentials) > 1 or scheme.lower() != "bearer":
            raise unauthenticated("Send one credential, as 'Authorization: Bearer <token>'.")
        return self._verify(token.strip())

    def _verify(self, token: str) -> Caller:
        try:
            claims = jwt.decode(
                token,
                self._secret,
                algorithms=[_ALGORITHM],
                issuer=_ISSUER,
                options={"require": ["iss", "sub", "exp", "roles"], "verify_exp": False},
            )
        except jwt.InvalidTokenError:
            raise unauthenticated("This token is none of this instance's. Sign in again.") from None
        if datetime.fromtimestamp(claims["exp"], tz=self._clock.now().tzinfo) <= self._clock.now():
            raise unauthenticated("This token has expired. Sign in again.")
        return Caller(claims["sub"], frozenset(Role(role) for role in claims["roles"]))


def create_router(tokens: DeveloperTokens) -> APIRouter:
    """The route that signs anybody in."""

    async def endpoint(body: SignInBody) -> SignInResponse:
        if body.account == HOUSE:
            raise invalid("account", f"{HOUSE} is not an account that anybody may have")
        return SignInResponse(token=tokens.issue(Caller(body.account, frozenset(body.roles))))

    return trigger_router("developer_sign_in", SIGN_IN, endpoint)
