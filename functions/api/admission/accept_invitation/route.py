"""POST /v1/invitations/accept."""

from pydantic import Field

from domain.application.admission.accept_invitation import AcceptInvitationRequest, AcceptInvitationResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.account import PersonName
from functions.adapter.in_.http.caching import forbid_caching
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.messages import Response
from functions.adapter.in_.http.schemas import RequestBody, ResponseBody, Text

MAX_TOKEN = 200


class AcceptInvitationBody(RequestBody):
    """What follows the # of the link, and what to be called."""

    invitation: Text = Field(min_length=1, max_length=MAX_TOKEN)
    name: PersonName


class AcceptInvitationResponse(ResponseBody):
    """The account that was opened, and a token to send as ``Authorization: Bearer <token>``."""

    account: str = Field(examples=["lukasz"])
    name: str = Field(examples=["Łukasz"])
    token: str


def create_route(accept_invitation: UseCase[AcceptInvitationRequest, AcceptInvitationResult]) -> Route:
    """The route over the use case."""

    async def endpoint(response: Response, body: AcceptInvitationBody) -> AcceptInvitationResponse:
        result = await accept_invitation.execute(AcceptInvitationRequest(body.invitation, body.name))
        forbid_caching(response)
        return AcceptInvitationResponse(account=result.account, name=result.name, token=result.token)

    return endpoint_route("accept_invitation", endpoint)
