"""A bug inside a use case."""

import pytest

from tests.integration.http.client import Api
from tests.integration.http.conftest import BreakUseCase
from tests.integration.http.contract import Json, answer, media_type

pytestmark = pytest.mark.asyncio(loop_scope="module")

ORDER: Json = {"outcome": "YES", "side": "buy", "quantity": "1"}
REQUESTS: list[tuple[str, str, str, Json | None]] = [
    ("open_account", "POST", "/v1/accounts", None),
    ("create_market", "POST", "/v1/markets", {"name": "Rain", "slug": "rain"}),
    ("list_markets", "GET", "/v1/markets", None),
    ("get_market", "GET", "/v1/markets/{slug}", None),
    ("publish_market", "POST", "/v1/markets/{slug}/publish", None),
    ("quote", "POST", "/v1/markets/{slug}/quotes", ORDER),
    ("place_order", "POST", "/v1/markets/{slug}/orders", ORDER),
    ("get_portfolio", "GET", "/v1/portfolio", None),
    ("resolve_market", "POST", "/v1/markets/{slug}/resolve", {"outcome": "YES"}),
]


@pytest.mark.parametrize(("name", "method", "path", "body"), REQUESTS)
async def test_bug_in_a_use_case(
    api: Api, open_market: str, break_use_case: BreakUseCase, *, name: str, method: str, path: str, body: Json | None
) -> None:
    """500: `type` about:blank, title "Internal Server Error", `status`, `instance`; no detail, no code."""
    trader = await api.open_account()
    break_use_case(name)
    path = path.format(slug=open_market)
    headers = {"Idempotency-Key": "key"} if method == "POST" else {}
    response = await trader.send(method, path, body=body, headers=headers)
    assert response.status_code == 500
    assert media_type(response) == "application/problem+json"
    assert response.headers["X-Request-Id"]
    expected = {"type": "about:blank", "title": "Internal Server Error", "status": 500, "instance": path}
    assert response.json() == expected
    assert "secret" not in response.text + str(response.headers)


@pytest.mark.contract("500")
async def test_bug_is_not_remembered(api: Api, break_use_case: BreakUseCase, monkeypatch: pytest.MonkeyPatch) -> None:
    """Errors changed nothing and are not remembered: once it is mended, the same key places the order."""
    trader, slug = await api.open_account(), await api.published_market()
    break_use_case("place_order")
    assert (await trader.order(slug, quantity="1", key="key")).status_code == 500
    monkeypatch.undo()
    answer(await trader.order(slug, quantity="1", key="key"), 201)
    assert await trader.holds(slug) == {"YES": 1}
