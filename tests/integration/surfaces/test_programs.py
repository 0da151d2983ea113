"""A program that others wrote for Manifold, unmodified, against a real server."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import achaekek
import httpx
from achaekek.request_types import (
    CreateBetRequest,
    CreateBinaryMarket,
    CreateMultipleChoiceMarket,
    GetBetsRequest,
    GetCommentsRequest,
    GetMarketsRequest,
    GetPositionsRequest,
    ResolveBinaryMarket,
    SearchRequest,
    SellSharesRequest,
)

from tests.integration.embedded.server import serve


def client_of(http: httpx.Client, account: str) -> Any:
    """The program, with a key of that account: the address and the key are all it is told."""
    token = http.post("/v1/dev/sign-in", json={"account": account}).json()["token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert http.post("/v1/accounts", headers=headers).status_code == 201
    key = http.post("/v1/api-keys", json={"name": "bot", "scopes": ["read", "trade"]}, headers=headers).json()["key"]
    return achaekek.Client(key, str(http.base_url))


def told(response: Any) -> Any:
    """What a success says."""
    assert response.status_code == 200, (response.url, response.text)
    return response.json()


def test_achaekek(tmp_path: Path) -> None:
    """It makes markets, finds them, sells, reads all there is to read, and resolves."""
    with serve(tmp_path) as server, httpx.Client(base_url=server.await_ready()) as http:
        ann, bob = client_of(http, "ann"), client_of(http, "bob")
        closes = datetime.now(UTC) + timedelta(days=30)
        wanted = CreateBinaryMarket(question="Will it snow?", initialProb=50, closeTime=closes, description="By noon.")
        id_ = told(ann.create_market(wanted))["id"]
        told(ann.create_market(CreateMultipleChoiceMarket(question="Which?", answers=["A", "B", "C"])))
        placed = told(bob.create_bet(CreateBetRequest(amount=25, contractId=id_)))
        sold = told(bob.sell_shares(id_, SellSharesRequest(outcome="YES", shares=5)))
        assert sold["shares"] == -5
        assert [each["id"] for each in told(bob.get_bets(GetBetsRequest(contractId=id_)))] == [sold["id"], placed["id"]]
        assert told(bob.get_me())["id"] == told(ann.get_user("bob"))["id"] == told(ann.get_user_by_id("bob"))["id"]
        markets = told(bob.get_markets(GetMarketsRequest(limit=5, sort="created-time", order="desc")))
        assert [each["question"] for each in markets] == ["Which?", "Will it snow?"]
        assert told(bob.get_market(id_)) == told(bob.get_market_by_slug(id_))
        search = SearchRequest("snow", sort="newest", filter="open", contractType="BINARY", limit=5)
        assert [each["id"] for each in told(bob.search_markets(search))] == [id_]
        (held,) = told(bob.get_positions(id_, GetPositionsRequest(order="shares", top=3)))
        assert held["userId"] == "bob"
        assert told(bob.get_comments(GetCommentsRequest(contractId=id_))) == told(bob.get_groups()) == []
        assert bob.cancel_bet(placed["id"]).status_code == 403
        assert told(ann.resolve_market(id_, ResolveBinaryMarket("YES"))) == {"message": "success"}
