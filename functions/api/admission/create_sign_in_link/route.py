"""POST /v1/accounts/{account}/sign-in-links."""

from typing import ClassVar

from fastapi import APIRouter, Request, Response

from domain.application.admission.create_sign_in_link import CreateSignInLinkRequest, CreateSignInLinkResult
from domain.model.admission.sign_in_link import link_url
from domain.model.kernel.notation import format_time
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.caching import forbid_caching
from functions.adapter.in_.http.endpoint import endpoint_router
from functions.adapter.in_.http.schemas import Instant, RequestBody, ResponseBody, Time


class CreateSignInLinkBody(RequestBody):
    """Until when it may be used: for 7 days unless it says otherwise, for 30 at most."""

    NULLABLE: ClassVar[frozenset[str]] = frozenset({"expires_at"})

    expires_at: Instant | None = None


class SignInLinkResponse(ResponseBody):
    """The link, which is shown this once and signs in once."""

    url: str
    expires_at: Time


def create_router(create_sign_in_link: UseCase[CreateSignInLinkRequest, CreateSignInLinkResult]) -> APIRouter:
    """Make the link and show it."""

    async def endpoint(
        request: Request,
        response: Response,
        account: str,
        caller: SignedInCaller,
        body: CreateSignInLinkBody | None = None,
    ) -> SignInLinkResponse:
        expires_at = body.expires_at if body else None
        made = await create_sign_in_link.execute(CreateSignInLinkRequest(caller, account, expires_at))
        forbid_caching(response)
        base: str = request.app.state.public_url or str(request.base_url)
        return SignInLinkResponse(url=link_url(base, made.token), expires_at=format_time(made.expires_at))

    return endpoint_router("create_sign_in_link", endpoint)
