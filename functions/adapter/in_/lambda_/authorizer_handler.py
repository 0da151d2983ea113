"""The entry of the function that API Gateway asks who is calling: a REQUEST authorizer."""

from collections.abc import Callable, Mapping
from typing import Any

from domain.application.admission.authorize import AuthorizeRequest, AuthorizeResult
from domain.model.kernel.caller import Caller
from domain.model.kernel.errors import BadCredentialError
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.lambda_.event_handler import run
from functions.adapter.in_.lambda_.gateway_context import context_of
from functions.adapter.in_.lambda_.observability import Observer
from functions.registry import FUNCTION_OF, Authorizer

type Json = dict[str, Any]

ANONYMOUS = "anonymous"
NO_CREDENTIAL = "none"
"""What CloudFront puts where a request has no credential."""


class UnauthorizedError(Exception):
    """The credential is bad: to an error whose whole message is this word, and to no other, the gateway answers 401."""

    def __init__(self) -> None:
        super().__init__("Unauthorized")


def authorizer_handler(
    name: str, authorize: UseCase[AuthorizeRequest, AuthorizeResult]
) -> Callable[[Json, object], Json]:
    """The handler of the authorizer.

    Whoever has no credential may pass too: the functions know which of them needs one, and what for.

    Args:
        name: the function's, in the registry.
        authorize: what believes a credential, or not.
    """
    observer, trigger = Observer(name), FUNCTION_OF[name].trigger
    assert isinstance(trigger, Authorizer)
    kept_by = trigger.optional_header

    def handler(event: Json, context: object) -> Json:
        with observer.invocation(invocation_id=getattr(context, "aws_request_id", None)):
            try:
                _check_named(_headers(event, kept_by), _credentials(event))
                result = run(authorize.execute(AuthorizeRequest(_credentials(event))))
            except BadCredentialError:
                observer.count("refused")
                raise UnauthorizedError from None
            observer.count("identified" if result.caller else ANONYMOUS)
            return _answer(event["methodArn"], result.caller)

    return handler


def _check_named(named: tuple[str, ...], credentials: tuple[str, ...]) -> None:
    """Refuse a request that names another credential than it has: the answer to it would be kept for the one named.

    Whoever asks the API itself, past CloudFront, can send any header. Functions that need a credential are asked for
    by the credential itself, so those requests need not name it.

    Raises:
        BadCredentialError: the header by which answers are kept is not the credential.
    """
    if named and named != (credentials or (NO_CREDENTIAL,)):
        raise BadCredentialError


def _credentials(event: Mapping[str, Any]) -> tuple[str, ...]:
    """Every Authorization header, as often as it was sent."""
    return _headers(event, "Authorization")


def _headers(event: Mapping[str, Any], wanted: str) -> tuple[str, ...]:
    """Every header of a name, whatever the case of it, as often as it was sent."""
    repeated = event.get("multiValueHeaders") or {name: [value] for name, value in (event.get("headers") or {}).items()}
    return tuple(value for name, values in repeated.items() if name.lower() == wanted.lower() for value in values or ())


def _answer(method_arn: str, caller: Caller | None) -> Json:
    """The policy, with the caller in its context.

    It covers the whole stage: the gateway keeps it for a credential, and one for this route alone would deny the next.
    """
    stage = "/".join(method_arn.split("/")[:2])
    statement = {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": f"{stage}/*"}
    return {
        "principalId": caller.account if caller else ANONYMOUS,
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": context_of(caller) if caller else {},
    }
