"""POST /v1/sign-in-links/accept."""

from pydantic import Field

from domain.application.admission.accept_sign_in_link import AcceptSignInLinkRequest, AcceptSignInLinkResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.caching import forbid_caching
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.messages import Response
from functions.adapter.in_.http.schemas import RequestBody, ResponseBody, Text

MAX_TOKEN = 200


class AcceptSignInLinkBody(RequestBody):
    """What follows the # of the link."""

    link: Text = Field(min_length=1, max_length=MAX_TOKEN)


class AcceptSignInLinkResponse(ResponseBody):
    """The account, and a token to send as ``Authorization: Bearer <token>``."""

    account: str
    token: str


def create_route(accept_sign_in_link: UseCase[AcceptSignInLinkRequest, AcceptSignInLinkResult]) -> Route:
    """Sign in whoever shows the link."""

    async def endpoint(response: Response, body: AcceptSignInLinkBody) -> AcceptSignInLinkResponse:
        result = await accept_sign_in_link.execute(AcceptSignInLinkRequest(body.link))
        forbid_caching(response)
        return AcceptSignInLinkResponse(account=result.account, token=result.token)

    return endpoint_route("accept_sign_in_link", endpoint)
