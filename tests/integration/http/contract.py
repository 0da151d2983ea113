"""What the contract says of every answer: number and time formats, problem details, the members of each object."""

import re
from collections.abc import Iterable
from typing import Any

import httpx

type Json = dict[str, Any]

DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]{6}")
TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")

DECIMAL_MEMBERS = frozenset(
    {
        "amount",
        "average_price",
        "balance",
        "balance_after",
        "bought",
        "equity",
        "filled_quantity",
        "liquidity",
        "paid",
        "points",
        "price",
        "profit",
        "quantity",
        "shares",
        "spent",
        "subsidy",
        "value",
        "volume",
    }
)
DECIMAL_MAPS = frozenset({"payouts", "prices_after", "prices_before"})

MARKET_MEMBERS = {
    "slug",
    "name",
    "description",
    "rules",
    "status",
    "outcomes",
    "liquidity",
    "subsidy",
    "volume",
    "trade_count",
    "creator",
    "tags",
    "created_at",
    "published_at",
    "closes_at",
    "resolution",
    "version",
    "position",
    "clarifications",
    "traders",
    "trend",
}
ORDER_MEMBERS = {
    "id",
    "market",
    "account",
    "outcome",
    "side",
    "status",
    "quantity",
    "filled_quantity",
    "amount",
    "average_price",
    "trades",
    "balance",
    "created_at",
}
TRADE_MEMBERS = {
    "id",
    "market",
    "account",
    "outcome",
    "side",
    "quantity",
    "amount",
    "prices_after",
    "version",
    "digest",
    "created_at",
}
QUOTE_MEMBERS = {
    "outcome",
    "side",
    "quantity",
    "amount",
    "average_price",
    "prices_before",
    "prices_after",
    "version",
}
JOURNAL_MEMBERS = {"id", "kind", "amount", "balance_after", "created_at"}
HOLDER_MEMBERS = {"account", "outcome", "quantity"}
POSITION_MEMBERS = {"market", "name", "status", "outcome", "quantity", "price", "value", "sale_value", "spent"}
PROBLEM_MEMBERS = {"type", "title", "status", "detail", "instance", "code"}


def media_type(response: httpx.Response) -> str:
    """The answer's content type without its parameters."""
    content_type: str = response.headers.get("Content-Type", "")
    return content_type.partition(";")[0].strip()


def answer(response: httpx.Response, status: int) -> Any:
    """The JSON of an answer that succeeded with `status`, once its formats are those that the contract fixes."""
    assert response.status_code == status, f"{response.request.method} {response.request.url}: {response.text}"
    assert media_type(response) == "application/json"
    assert response.headers["X-Request-Id"]
    content = response.json()
    check_formats(content)
    return content


def check_formats(content: Any) -> None:
    """Numbers of money and shares have six decimals and no negative zero; times end in six digits and Z."""
    if isinstance(content, list):
        for item in content:
            check_formats(item)
    elif isinstance(content, dict):
        for name, member in content.items():
            check_member(name, member)


def check_member(name: str, member: Any) -> None:
    """One member of an answer, by its name."""
    if name in DECIMAL_MEMBERS:
        check_decimal(name, member)
    elif name in DECIMAL_MAPS and member is not None:
        for outcome, number in member.items():
            check_decimal(f"{name}.{outcome}", number)
    elif name.endswith("_at") and member is not None:
        assert isinstance(member, str), name
        assert TIME.fullmatch(member), f"{name}: {member}"
    else:
        check_formats(member)


def check_decimal(name: str, member: Any) -> None:
    """A decimal string with exactly six decimals, never `-0.000000`."""
    assert isinstance(member, str), name
    assert DECIMAL.fullmatch(member), f"{name}: {member}"
    assert member != "-0.000000", name


def problem(response: httpx.Response, status: int, code: str, fields: Iterable[str] | None = None) -> Json:
    """The problem details of an answer that failed with `status` and `code`, once their shape is the contract's.

    Args:
        response: the answer.
        status: the status expected, in the header and in the body.
        code: the stable code expected.
        fields: where given, every `field` that `errors` names.
    """
    assert response.status_code == status, f"{response.request.method} {response.request.url}: {response.text}"
    assert media_type(response) == "application/problem+json"
    assert response.headers["X-Request-Id"]
    content: Json = response.json()
    assert content.keys() - {"errors"} == PROBLEM_MEMBERS
    assert content["code"] == code, content
    assert content["status"] == status
    assert content["type"].endswith(f"/problems/{code}")
    assert content["instance"] == response.request.url.raw_path.partition(b"?")[0].decode()
    for member in ("title", "detail"):
        assert isinstance(content[member], str)
        assert content[member]
    check_errors(content, code, fields)
    check_headers(response, status)
    return content


def check_errors(content: Json, code: str, fields: Iterable[str] | None) -> None:
    """`errors` lists fields and details, and always comes with validation-failed."""
    if code == "validation-failed":
        assert content["errors"], "validation-failed comes with errors"
    for error in content.get("errors", ()):
        assert error.keys() == {"field", "detail"}
        assert isinstance(error["field"], str)
        assert isinstance(error["detail"], str)
        assert error["detail"]
    if fields is not None:
        assert {error["field"] for error in content.get("errors", ())} == set(fields)


def check_headers(response: httpx.Response, status: int) -> None:
    """401 says how to authenticate, 405 what is allowed, 429 and 503 when to come back."""
    if status == 401:
        assert response.headers["WWW-Authenticate"] == "Bearer"
    if status == 405:
        assert response.headers["Allow"]
    if status in {429, 503}:
        assert response.headers["Retry-After"]


def allowed(response: httpx.Response) -> set[str]:
    """The methods that the Allow header lists."""
    return {method.strip() for method in response.headers["Allow"].split(",")}
