"""GET /v1/audit."""

from domain.application.ledger.get_audit import GetAuditRequest, GetAuditResult
from domain.model.kernel.notation import format_micros, format_time
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import OptionalCaller
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.schemas import Decimal, ResponseBody, Time


class AuditResponse(ResponseBody):
    """What was issued, who holds it, and the difference, which is zero as long as the books balance."""

    issued: Decimal
    balances: Decimal
    pools: Decimal
    difference: Decimal
    as_of: Time


def create_route(get_audit: UseCase[GetAuditRequest, GetAuditResult]) -> Route:
    """The route over the use case."""

    async def endpoint(caller: OptionalCaller) -> AuditResponse:
        audit = (await get_audit.execute(GetAuditRequest())).audit
        return AuditResponse(
            issued=format_micros(audit.issued.amount),
            balances=format_micros(audit.balances.amount),
            pools=format_micros(audit.pools.amount),
            difference=format_micros(audit.difference.amount),
            as_of=format_time(audit.as_of),
        )

    return endpoint_route("get_audit", endpoint)
