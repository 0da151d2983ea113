"""GET /v1/api-keys."""

from pydantic import ConfigDict, Field

from domain.application.admission.list_api_keys import ListApiKeysRequest, ListApiKeysResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.api_key import AccountOfKeys, ApiKeyResponse
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.messages import Request
from functions.adapter.in_.http.paging import DEFAULT_LIMIT, Cursor, CursorScope, Limit
from functions.adapter.in_.http.schemas import ResponseBody


class ApiKeysResponse(ResponseBody):
    """A page of them."""

    model_config = ConfigDict(validate_by_name=True)

    api_keys: list[ApiKeyResponse] = Field(alias="api-keys")
    cursor: str | None


def create_route(list_api_keys: UseCase[ListApiKeysRequest, ListApiKeysResult]) -> Route:
    """The route over the use case."""

    async def endpoint(
        *,
        request: Request,
        caller: SignedInCaller,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
        account: AccountOfKeys = None,
    ) -> ApiKeysResponse:
        scope = CursorScope(request.path, {"account": account}, caller)
        wanted = ListApiKeysRequest(caller, limit, scope.position(cursor), account)
        page = (await list_api_keys.execute(wanted)).page
        return ApiKeysResponse(
            api_keys=[ApiKeyResponse.of(item) for item in page.items], cursor=scope.issue(page.cursor)
        )

    return endpoint_route("list_api_keys", endpoint)
