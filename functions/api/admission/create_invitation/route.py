"""POST /v1/invitations."""

from pydantic import Field

from domain.application.admission.create_invitation import CreateInvitationRequest, CreateInvitationResult
from domain.model.admission.invitation import MAX_COUNT
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.caching import forbid_caching
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.invitation import InvitationResponse
from functions.adapter.in_.http.messages import Request, Response
from functions.adapter.in_.http.schemas import Instant, Integer, RequestBody


class CreateInvitationBody(RequestBody):
    """How many people may come in, and until when."""

    count: Integer = Field(ge=1, le=MAX_COUNT, examples=[30])
    expires_at: Instant = Field(examples=["2030-01-31T12:00:00Z"])


def create_route(create_invitation: UseCase[CreateInvitationRequest, CreateInvitationResult]) -> Route:
    """The route over the use case."""

    async def endpoint(
        request: Request, response: Response, caller: SignedInCaller, body: CreateInvitationBody
    ) -> InvitationResponse:
        result = await create_invitation.execute(CreateInvitationRequest(caller, body.count, body.expires_at))
        forbid_caching(response)
        return InvitationResponse.of(result.signed, request)

    return endpoint_route("create_invitation", endpoint)
