import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.responses import Response

from domain.model.kernel.money import Money
from domain.model.trading.trade import OutcomePrice, Side, Trade
from functions.adapter.out.client.instance import RemoteInstance
from functions.embedded.commands import progress as progress_module
from functions.embedded.commands import verify
from functions.embedded.commands.progress import progress
from functions.embedded.commands.spool import TradeSpool
from tests.integration.embedded.commands.conftest import Hunch
from tests.integration.embedded.commands.instance import MARKET, OUTCOMES, TRADES, Meddle, Running
from tests.unit.model.builders import NOW

RIGHT = f"{MARKET} is right: {TRADES} trades, each charge and price recomputed, the chain of digests whole.\n"


@pytest.mark.parametrize("where", ["database", "url"])
def test_a_market_that_is_right(hunch: Hunch, remote: Running, where: str) -> None:
    """One line says so, and how much was looked at."""
    ended = hunch("verify", MARKET, f"--{where}", getattr(remote, where))
    assert (ended.exit_code, ended.stdout, ended.stderr) == (0, RIGHT, "")


def test_no_standard_error_changes_no_verdict(hunch: Hunch, remote: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """`hunch verify … 2>&-` has nowhere to draw a bar, and that is not the market's fault."""
    monkeypatch.setattr(progress_module, "sys", SimpleNamespace(stderr=None))
    ended = hunch("verify", MARKET, "--database", remote.database)
    assert (ended.exit_code, ended.stdout) == (0, RIGHT)


@dataclass(frozen=True)
class Forge:
    """Puts another value into one trade, wherever it is listed."""

    version: int
    member: str
    value: object

    def __call__(self, page: dict[str, Any]) -> None:
        for trade in page["trades"]:
            if trade["version"] == self.version:
                trade[self.member] = self.value


@dataclass(frozen=True)
class Drop:
    """Leaves a member of the page out, or of its first trade."""

    member: str
    of_trade: bool = False

    def __call__(self, page: dict[str, Any]) -> None:
        del (page["trades"][0] if self.of_trade else page)[self.member]


@dataclass(frozen=True)
class Hide:
    """Leaves one trade out of the list."""

    version: int

    def __call__(self, page: dict[str, Any]) -> None:
        page["trades"] = [trade for trade in page["trades"] if trade["version"] != self.version]


def repeat(page: dict[str, Any]) -> None:
    """Lists every trade twice."""
    page["trades"] = [trade for trade in page["trades"] for _ in range(2)]


PRICES = dict.fromkeys(OUTCOMES, "0.333333")


@pytest.mark.parametrize(
    ("meddle", "said"),
    [
        (Forge(3, "id", "f" * 32), "trade 3 shows digest "),
        (Forge(3, "account", "mallory"), "trade 3 shows digest "),
        (Forge(3, "created_at", "2026-11-23T00:00:00.000000Z"), "trade 3 shows digest "),
        (Forge(3, "digest", "f" * 64), "trade 3 shows digest ffff"),
        (Forge(3, "market", "snow"), "trade 3 shows market snow, "),
        (Forge(3, "outcome", "never"), "trade 3 shows outcome never, "),
        (Forge(3, "side", "sell"), "trade 3 shows "),
        (Forge(3, "quantity", "2.000100"), "trade 3 shows amount "),
        (Forge(3, "amount", "0.000001"), "trade 3 shows amount 0.000001, and the replay comes to 0."),
        (Forge(3, "prices_after", PRICES), "trade 3 shows prices_after "),
        (Forge(1, "digest", "0" * 64), "trade 1 shows digest 0000"),
        (Forge(TRADES, "digest", "f" * 64), f"trade {TRADES} shows digest ffff"),
        (Hide(1), "trade 1 shows version 2, and the replay comes to 1"),
        (Hide(5), "trade 5 shows version 6, and the replay comes to 5"),
        (repeat, "trade "),
    ],
    ids=lambda value: getattr(value, "__name__", None) or repr(value),
)
def test_whatever_was_tampered_with_is_named(hunch: Hunch, remote: Running, meddle: Meddle, said: str) -> None:
    """The first trade that is wrong, in what, and what it should be; exit code 1."""
    remote.meddler.meddle = meddle
    ended = hunch("verify", MARKET, "--url", remote.url)
    assert (ended.exit_code, ended.stdout, ended.stderr.count("\n")) == (1, "", 1)
    assert ended.stderr.startswith(f"Error: {MARKET} is not what it should be: {said}")


def test_a_market_that_shows_other_figures_is_found(hunch: Hunch, remote: Running) -> None:
    """Every trade may be right, and the market claim another volume."""
    shown = remote.http.get(f"/v1/markets/{MARKET}").json()
    forged = Response(remote.http.get(f"/v1/markets/{MARKET}").text.replace(shown["volume"], "1.000000"))
    remote.meddler.answers = [forged]
    ended = hunch("verify", MARKET, "--url", remote.url)
    assert ended.exit_code == 1
    assert f"the market shows volume 1.000000, and the replay comes to {shown['volume']}." in ended.stderr


@pytest.mark.parametrize(
    "meddle",
    [
        Forge(3, "amount", "1.5"),
        Forge(3, "amount", 1),
        Forge(3, "amount", "-1.000000"),
        Forge(3, "amount", "1.000000\n"),
        Forge(3, "quantity", "9" * 40 + ".000000"),
        Forge(3, "side", "give"),
        Forge(3, "version", 3.5),
        Forge(3, "created_at", "2026-11-23T01:00:00.000000+01:00"),
        Forge(3, "created_at", "2026-13-23T01:00:00.000000Z"),
        Forge(3, "note", "trades have no notes"),
        Drop("id", of_trade=True),
        Drop("cursor"),
    ],
    ids=repr,
)
def test_what_is_not_written_as_the_contract_says_is_refused(hunch: Hunch, remote: Running, meddle: Meddle) -> None:
    """A trade that reads the same but is written otherwise has another digest: nothing is taken for something else."""
    remote.meddler.meddle = meddle
    ended = hunch("verify", MARKET, "--url", remote.url)
    assert (ended.exit_code, ended.stdout, ended.stderr.count("\n")) == (1, "", 1)
    assert f"/v1/markets/{MARKET}/trades answers what no instance does: " in ended.stderr


@pytest.mark.parametrize("liquidity", ["0.000000", "1000001.000000"])
def test_a_market_that_cannot_be_is_refused(hunch: Hunch, remote: Running, liquidity: str) -> None:
    """Nothing is computed with a liquidity that no market has."""
    text = remote.http.get(f"/v1/markets/{MARKET}").text
    remote.meddler.answers = [Response(text.replace('"liquidity":"100.000000"', f'"liquidity":"{liquidity}"'))]
    ended = hunch("verify", MARKET, "--url", remote.url)
    assert ended.exit_code == 1
    assert f"no market has a liquidity of {liquidity}" in ended.stderr


def test_a_list_that_trails_is_waited_for(hunch: Hunch, remote: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Elsewhere a list may be seconds behind its market: it is asked for again, and not for ever."""
    list_trades = RemoteInstance.list_trades
    looks = []

    def trail(instance: RemoteInstance, slug: str, seen_on_look: int = 3) -> Iterator[Sequence[Trade]]:
        looks.append(slug)
        pages = list_trades(instance, slug)
        newest = next(pages)
        yield newest if len(looks) >= seen_on_look else newest[1:]
        yield from pages

    monkeypatch.setattr(verify, "TRAILING_SECONDS", 0)
    monkeypatch.setattr(RemoteInstance, "list_trades", trail)
    assert hunch("verify", MARKET, "--url", remote.url).stdout == RIGHT
    assert len(looks) == 3
    looks.clear()
    monkeypatch.setattr(RemoteInstance, "list_trades", lambda instance, slug: trail(instance, slug, 99))
    ended = hunch("verify", MARKET, "--url", remote.url)
    assert f"the market shows version {TRADES}, and the replay comes to {TRADES - 1}." in ended.stderr
    assert len(looks) == verify.TRAILING_LOOKS + 1


def test_trades_since_the_market_was_read_are_left_for_the_next_time(hunch: Hunch, remote: Running) -> None:
    """A market that is traded while it is verified is verified up to where it was when it was read."""
    token = hunch("token", "late", "--database", remote.database).stdout.strip()
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "late"}
    assert remote.http.post("/v1/accounts", headers=headers).status_code in {200, 201}
    draft = {"slug": "late", "name": "Is it late?"}
    assert remote.http.post("/v1/markets", json=draft, headers=headers | {"Idempotency-Key": "1"}).status_code == 201
    assert remote.http.post("/v1/markets/late/publish", headers=headers | {"Idempotency-Key": "2"}).status_code == 200
    market = remote.http.get("/v1/markets/late")
    order = {"outcome": "YES", "side": "buy", "spend": "1"}
    answer = remote.http.post("/v1/markets/late/orders", json=order, headers=headers | {"Idempotency-Key": "3"})
    assert answer.status_code == 201
    remote.meddler.answers = [Response(market.text)]
    assert hunch("verify", "late", "--url", remote.url).stdout.startswith("late is right: 0 trades")
    assert hunch("verify", "late", "--url", remote.url).stdout.startswith("late is right: 1 trades")


def test_a_spool_turns_pages_around() -> None:
    """Pages of any length, also none, come back one trade after the other, the oldest first, as they were."""
    prices = (OutcomePrice("YES", 500_000), OutcomePrice("NO", 500_000))
    trades = [
        Trade(f"id-{version}", "rain", "ann", "YES", Side.BUY, 10**18, Money(5), prices, version, "f" * 64, NOW)
        for version in range(9, 0, -1)
    ]
    with TradeSpool() as spool:
        for page in (trades[:4], [], trades[4:5], trades[5:]):
            spool.add(page)
        assert spool.count == 9
        assert list(spool.oldest_first()) == trades[::-1]


class _Terminal(io.StringIO):
    """A terminal that remembers."""

    def isatty(self) -> bool:
        return True


def test_progress_is_shown_to_whoever_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal gets a bar that moves; anything else nothing, and neither does one that shows the output itself."""
    shown = {}
    for name, stream, hidden in (
        ("watched", _Terminal(), False),
        ("a file", io.StringIO(), False),
        ("busy", _Terminal(), True),
    ):
        monkeypatch.setattr("sys.stderr", stream)
        with progress("Exporting", 40, hidden=hidden) as advance:
            advance(30)
        shown[name] = stream.getvalue()
    assert "Exporting" in shown["watched"]
    assert "30/40" in shown["watched"]
    assert (shown["a file"], shown["busy"]) == ("", "")
