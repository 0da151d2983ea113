"""What an endpoint is called with: each parameter is read from the request as its annotation says.

``Request`` and ``Response`` are the messages themselves, and a ``Caller`` is who asks. What the path names is read from
the path, a model is the body, :class:`KeyHeader` and :class:`FromHeader` annotate headers, and everything else is read
from the query. A request is refused with everything that is wrong with it, in that order: the key, the query, other
headers, the body.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, Any, NamedTuple, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from domain.model.kernel.caller import Caller
from functions.adapter.in_.http.idempotency import KeyHeader, identify
from functions.adapter.in_.http.messages import Request, Response
from functions.adapter.in_.http.problem_details import Finding, InvalidContentError

type _Read = Callable[["Exchange", list[Finding]], object]
type _Validator = Callable[[object], object]


class FromHeader(NamedTuple):
    """Annotates a parameter that is a header of that name, as people write it."""

    name: str


class FromQuery(NamedTuple):
    """Annotates a parameter that the query calls by another name."""

    name: str


class Exchange(NamedTuple):
    """A request on its way to its endpoint.

    Args:
        request: the request.
        response: what the endpoint may say besides its result.
        path: what the path names, decoded.
        caller: whom the endpoint sees.
        body: the object that the body holds; None without a body.
    """

    request: Request
    response: Response
    path: Mapping[str, str]
    caller: Caller | None
    body: object


class Parameters:
    """All parameters of an endpoint.

    Args:
        endpoint: the endpoint.
        names: those that its path names.
    """

    def __init__(self, endpoint: Callable[..., Any], names: Iterable[str]) -> None:
        declared = inspect.signature(endpoint).parameters.values()
        bodies = [each for each in declared if body_of(each.annotation)]
        self.takes_body = bool(bodies)
        self.needs_body = any(each.default is inspect.Parameter.empty for each in bodies)
        readers = [(*_reader(each, frozenset(names)), each.name) for each in declared]
        self._readers = [(name, read) for _, read, name in sorted(readers, key=lambda reader: reader[0])]

    def values(self, exchange: Exchange) -> dict[str, object]:
        """What to call the endpoint with.

        Raises:
            InvalidContentError: something is missing or wrong; it has all that is.
            ProblemError: the idempotency key is sent twice.
        """
        findings: list[Finding] = []
        values = {name: read(exchange, findings) for name, read in self._readers}
        if findings:
            raise InvalidContentError(findings)
        return values


def body_of(annotation: object) -> type[BaseModel] | None:
    """The model of a parameter that is a body, which may be left out where None is allowed; None for any other."""
    kinds = [kind for kind in get_args(annotation) or (annotation,) if kind is not type(None)]
    kind = kinds[0] if len(kinds) == 1 else None
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def query_name(parameter: inspect.Parameter) -> str:
    """What the query calls a parameter."""
    return next((marker.name for marker in _markers(parameter, FromQuery)), parameter.name)


def _kind(annotation: Any) -> Any:  # noqa: ANN401 - what an annotation can be
    """The type that is annotated."""
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation


def _markers[M](parameter: inspect.Parameter, kind: type[M]) -> Sequence[M]:
    """The annotations of that kind that a parameter has."""
    found = get_args(parameter.annotation)[1:] if get_origin(parameter.annotation) is Annotated else ()
    return [marker for marker in found if isinstance(marker, kind)]


def _reader(parameter: inspect.Parameter, path: frozenset[str]) -> tuple[int, _Read]:
    """What reads a parameter, and when: those with the smaller numbers are read first."""
    annotation, name = parameter.annotation, parameter.name
    given = _GIVEN.get(annotation)
    if given or name in path:
        return 0, given or (lambda exchange, _: exchange.path[name])
    if keys := _markers(parameter, KeyHeader):
        return 1, _key_reader(keys[0])
    if headers := _markers(parameter, FromHeader):
        return 3, _header_reader(headers[0].name, parameter)
    if model := body_of(annotation):
        return 4, _body_reader(model, parameter.default)
    return 2, _query_reader(parameter)


_GIVEN: Mapping[Any, _Read] = {
    Request: lambda exchange, _: exchange.request,
    Response: lambda exchange, _: exchange.response,
    Caller: lambda exchange, _: exchange.caller,
    Caller | None: lambda exchange, _: exchange.caller,
}


def _key_reader(header: KeyHeader) -> _Read:
    validate: _Validator = TypeAdapter(header.kind).validator.validate_python

    def read(exchange: Exchange, findings: list[Finding]) -> object:
        sent = exchange.request.header(header.name.lower())
        found: list[Finding] = []
        key = _read(sent[:1], (("header", header.name), header.default), validate, found)
        findings += found
        return None if found else identify(exchange.request, sent, str(key), exchange.body)

    return read


def _header_reader(name: str, parameter: inspect.Parameter) -> _Read:
    validate: _Validator = TypeAdapter(parameter.annotation).validator.validate_python
    place = ("header", name), parameter.default

    def read(exchange: Exchange, findings: list[Finding]) -> object:
        return _read(exchange.request.header(name.lower())[:1], place, validate, findings)

    return read


def _query_reader(parameter: inspect.Parameter) -> _Read:
    """Of a parameter that is sent several times the last counts, unless it is a list."""
    validate: _Validator = TypeAdapter(parameter.annotation).validator.validate_python
    name = query_name(parameter)
    place = ("query", name), parameter.default
    is_list = get_origin(_kind(parameter.annotation)) is list

    def read(exchange: Exchange, findings: list[Finding]) -> object:
        sent = [value for key, value in exchange.request.query if key == name]
        return _read([sent] if is_list and sent else sent[-1:], place, validate, findings)

    return read


def _body_reader(model: type[BaseModel], default: object) -> _Read:
    validate: _Validator = model.__pydantic_validator__.validate_python

    def read(exchange: Exchange, findings: list[Finding]) -> object:
        sent = [] if exchange.body is None else [exchange.body]
        return _read(sent, (("body",), default), validate, findings)

    return read


def _read(
    sent: Sequence[object], place: tuple[tuple[str, ...], object], validate: _Validator, findings: list[Finding]
) -> object:
    """The value that was sent; without one the default, if there is one.

    Args:
        sent: one value, or none.
        place: where it is looked for, and the default.
        validate: makes the value of what was sent.
        findings: gains what is wrong with it.
    """
    location, default = place
    if not sent:
        if default is inspect.Parameter.empty:
            findings.append(Finding(location, "Field required", "missing", None))
        return default
    try:
        return validate(sent[0])
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False)
        findings += [Finding((*location, *one["loc"]), one["msg"], one["type"], one["input"]) for one in found]
    return default
