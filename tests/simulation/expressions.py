"""The expressions that the adapter sends, and no others: DynamoDB would refuse what is wrong, and so does this."""

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from functools import cache
from typing import Any, NamedTuple, cast

from botocore.exceptions import ClientError

type Item = dict[str, Any]

_PRESENT = re.compile(r"attribute_exists\((#\w+)\)")
_ABSENT = re.compile(r"attribute_not_exists\((#\w+)\)")
_ABSENT_OR = re.compile(r"\(attribute_not_exists\((#\w+)\) OR \1 (<=|=) (:\w+)\)")
_COMPARED = re.compile(r"(#\w+) ([=<>]) (:\w+)")
_BETWEEN = re.compile(r"(#\w+) BETWEEN (:\w+) AND (:\w+)")
_BEGINS = re.compile(r"begins_with\((#\w+), (:\w+)\)")
ABSENT, BEGINS, EQUAL, LEAST, MOST = "attribute_not_exists", "begins_with", "=", ">=", "<="
PRESENT = "attribute_exists"
ABSENT_OR_MOST, ABSENT_OR_EQUAL = f"{ABSENT} OR {MOST}", f"{ABSENT} OR {EQUAL}"


class Clause(NamedTuple):
    """One of the conditions that AND joins, by its placeholders."""

    operator: str
    name: str
    value: str | None = None


class UnknownRequestError(AssertionError):
    """A request that this store was not made for: it has to learn it before anybody relies on it."""


def refusal(operation: str, code: str, message: str, status: int = 400, **members: Any) -> ClientError:
    """The error as botocore raises it."""
    error = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}, **members}
    return ClientError(cast("Any", error), operation)  # the stubs know AWS's own codes alone


def invalid(operation: str, message: str) -> ClientError:
    """What DynamoDB answers to a request that breaks its rules."""
    return refusal(operation, "ValidationException", message)


def require_known(parameters: Mapping[str, object], known: AbstractSet[str]) -> None:
    """Refuse parameters that would be passed over."""
    if unknown := parameters.keys() - known:
        raise UnknownRequestError(f"nothing here knows {sorted(unknown)}")


@cache
def parse(expression: str) -> tuple[Clause, ...]:
    """The clauses of a condition or a key condition."""
    if span := _BETWEEN.search(expression):
        return (*parse(expression[: span.start()].removesuffix(" AND ")), *_ends(span))
    return tuple(_clause(text) for text in expression.split(" AND "))


def resolve(
    operation: str, expression: str, names: Mapping[str, str], values: Mapping[str, Item]
) -> list[tuple[str, str, Item | None]]:
    """Each clause as operator, attribute and value; a placeholder that is missing or left over is an error."""
    clauses = parse(expression)
    if {clause.name for clause in clauses} != names.keys():
        raise invalid(operation, f"{expression} does not use just the names {sorted(names)}")
    if {clause.value for clause in clauses if clause.value} != values.keys():
        raise invalid(operation, f"{expression} does not use just the values {sorted(values)}")
    return [(clause.operator, names[clause.name], values[clause.value] if clause.value else None) for clause in clauses]


def holds(stored: Item | None, clauses: list[tuple[str, str, Item | None]]) -> bool:
    """Whether what is stored fulfils a condition; nothing stored has no attributes."""
    return all(_is_fulfilled(operator, (stored or {}).get(name), value) for operator, name, value in clauses)


def _is_fulfilled(operator: str, found: Item | None, value: Item | None) -> bool:
    match operator:
        case "attribute_not_exists":
            return found is None
        case "attribute_exists":
            return found is not None
        case _ if operator == ABSENT_OR_MOST:
            return value is not None and (found is None or int(found["N"]) <= int(value["N"]))
        case _ if operator == ABSENT_OR_EQUAL:
            return found is None or found == value
        case _ if operator == EQUAL:
            return found == value
    raise UnknownRequestError(f"no condition of ours compares with {operator}")


def _ends(span: re.Match[str]) -> tuple[Clause, Clause]:
    return Clause(LEAST, span[1], span[2]), Clause(MOST, span[1], span[3])


def _clause(text: str) -> Clause:
    if found := _ABSENT.fullmatch(text):
        return Clause(ABSENT, found[1])
    if found := _PRESENT.fullmatch(text):
        return Clause(PRESENT, found[1])
    if found := _ABSENT_OR.fullmatch(text):
        return Clause(f"{ABSENT} OR {found[2]}", found[1], found[3])
    if found := _COMPARED.fullmatch(text):
        return Clause(found[2], found[1], found[3])
    if found := _BEGINS.fullmatch(text):
        return Clause(BEGINS, found[1], found[2])
    raise UnknownRequestError(f"nothing here understands {text!r}")
