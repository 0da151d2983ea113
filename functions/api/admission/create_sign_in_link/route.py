"""POST /v1/accounts/{account}/sign-in-links."""

from typing import ClassVar

from domain.application.admission.create_sign_in_link import CreateSignInLinkRequest, CreateSignInLinkResult
from domain.model.admission.sign_in_link import link_url
from domain.model.kernel.notation import format_time
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.caching import forbid_caching
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.messages import Request, Response
from functions.adapter.in_.http.schemas import Instant, RequestBody, ResponseBody, Time


class CreateSignInLinkBody(RequestBody):
    """Until when it may be used: for 7 days unless it says otherwise, for 30 at most."""

    NULLABLE: ClassVar[frozenset[str]] = frozenset({"expires_at"})

    expires_at: Instant | None = None


class SignInLinkResponse(ResponseBody):
    """The link, which is shown this once and signs in once."""

    url: str
    expires_at: Time


def create_route(create_sign_in_link: UseCase[CreateSignInLinkRequest, CreateSignInLinkResult]) -> Route:
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
        return SignInLinkResponse(url=link_url(request.public_url, made.token), expires_at=format_time(made.expires_at))

    return endpoint_route("create_sign_in_link", endpoint)
