"""Sign-in without a password, for one's own machine: whoever reaches the loopback address may be anybody."""

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated

from pydantic import Field

from domain.application.admission.instance_secrets import InstanceSecrets
from domain.model.admission.session import Session, session_token
from domain.model.admission.session_kind import SessionKind
from domain.model.kernel.caller import Caller, Role
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from domain.model.ledger.journal import HOUSE
from domain.port.out.clock import Clock
from domain.port.out.store import Store
from functions.adapter.in_.http.endpoint import Route
from functions.adapter.in_.http.problem_details import invalid
from functions.adapter.in_.http.schemas import RequestBody, ResponseBody, Slug
from functions.registry import Access, Http

SIGN_IN = Http("POST", "/v1/dev/sign-in", Access.PUBLIC, HTTPStatus.OK, "Sign in on this machine", "Instance")
_VALIDITY = timedelta(days=30)


class SignInBody(RequestBody):
    """Who to be."""

    account: Slug = Field(examples=["alice"])
    roles: list[Annotated[Role, Field(strict=False)]] = Field(default=[], max_length=len(Role), examples=[["admin"]])


class SignInResponse(ResponseBody):
    """A token to send as ``Authorization: Bearer <token>``."""

    token: str


async def developer_token(store: Store, clock: Clock, caller: Caller) -> str:
    """A token that makes its bearer this caller, where the developer sign-in is.

    Args:
        store: where the account is, and the secret that signs tokens, which outlive a restart.
        clock: for its expiry.
        caller: the account and its roles.
    """
    key = key_for(Account, caller.account)
    account = (await store.read(key)).get(key)
    revocations = account.revocations if account else 0
    session = Session(caller.account, caller.roles, clock.now() + _VALIDITY, revocations)
    return session_token(await InstanceSecrets(store).signing(), SessionKind.DEVELOPER, session)


def create_route(store: Store, clock: Clock) -> Route:
    """The route that signs anybody in; see :func:`developer_token`."""

    async def endpoint(body: SignInBody) -> SignInResponse:
        if body.account == HOUSE:
            raise invalid("account", f"{HOUSE} is not an account that anybody may have")
        return SignInResponse(token=await developer_token(store, clock, Caller(body.account, frozenset(body.roles))))

    return Route("developer_sign_in", SIGN_IN, endpoint)
