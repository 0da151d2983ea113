"""/v0 and /api/v0: every address, and what answers there."""

from http import HTTPStatus

from functions.adapter.in_.manifold.use_cases import ManifoldUseCases
from functions.adapter.in_.surface.application import Answer, Operation
from functions.api.manifold.manifold.bets import Bets
from functions.api.manifold.manifold.deciding import Deciding
from functions.api.manifold.manifold.markets import Markets
from functions.api.manifold.manifold.people import People
from functions.api.manifold.manifold.publishing import Publishing
from functions.api.manifold.manifold.trading import Trading
from functions.registry import Access, Http

_TAG = "Manifold"


def operations(use_cases: ManifoldUseCases) -> list[Operation]:
    """Every address."""
    markets, people, bets = Markets(use_cases), People(use_cases), Bets(use_cases)
    trading, publishing, deciding = Trading(use_cases), Publishing(use_cases), Deciding(use_cases)
    return [
        _read("/markets", markets.list_markets, "List markets"),
        _read("/search-markets", markets.search_markets, "Search markets"),
        _read("/market/{id}", markets.get_market, "Read a market"),
        _read("/slug/{id}", markets.get_market, "Read a market"),
        _read("/market/{id}/prob", markets.get_probability, "Read its probability"),
        _read("/market/{id}/positions", people.list_positions, "List who holds it"),
        _read("/bets", bets.list_bets, "List bets"),
        _read("/comments", people.list_comments, "List comments"),
        _read("/groups", markets.list_groups, "List groups: none"),
        _read("/user/{id}", people.get_user, "Read a user"),
        _read("/user/by-id/{id}", people.get_user, "Read a user"),
        _read("/me", people.get_me, "Read the caller", Access.ACCOUNT),
        _write("/bet", trading.place_bet, "Bet"),
        _write("/bet/cancel/{id}", trading.cancel_bet, "Cancel: nothing rests"),
        _write("/market/{id}/sell", trading.sell, "Sell shares"),
        _write("/market", publishing.create_market, "Make a market"),
        _write("/market/{id}/close", deciding.close, "Close a market"),
        _write("/market/{id}/resolve", deciding.resolve, "Resolve a market"),
    ]


def _read(path: str, answer: Answer, summary: str, access: Access = Access.OPTIONAL) -> Operation:
    return Operation(Http("GET", path, access, HTTPStatus.OK, summary, _TAG), answer)


def _write(path: str, answer: Answer, summary: str) -> Operation:
    return Operation(Http("POST", path, Access.ACCOUNT, HTTPStatus.OK, summary, _TAG), answer)
