"""Every promise of docs/guarantees.md, checked against the raw items after every single transaction.

The auditor trusts nothing of the product but the names of attributes: it adds up integers by itself, and works out by
itself what everybody is owed. It keeps running totals, so that looking at every snapshot costs little.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from domain.model.kernel.money import MICROS
from domain.model.kernel.notation import format_micros
from domain.model.trading import lmsr
from domain.model.trading.position import HOLDER_SHARDS
from functions.adapter.out.dynamodb.layout.item import SCHEMA
from functions.adapter.out.dynamodb.tables import PARTITION, SORT
from tests.simulation.expressions import Item
from tests.simulation.store import TABLES, Change, Place

OPEN, CLOSED, SETTLING, FINAL = "ACTIVE", "CLOSED", "SETTLING", frozenset({"RESOLVED", "VOIDED"})
HOUSE = "house"
_NO_DIGEST = "0" * 64
_ROWS = ("T#", "F#")
"""The partitions that list what is elsewhere: markets by tag, and what somebody has left by person."""
_OF_WEBHOOKS = ("W#", "S#", "D#", "WEBHOOKS-DUE")
"""The partitions of which the receivers keep account."""


class ViolationError(AssertionError):
    """A promise is broken; the message begins with its name."""


def require(promise: str, *, holds: bool, because: object = "") -> None:
    """Raise unless it holds."""
    if not holds:
        raise ViolationError(f"{promise}: {because}")


@dataclass
class MarketBooks:
    """What the auditor knows of one market."""

    book: Item | None = None
    market: Item | None = None
    quantities: Counter[int] = field(default_factory=Counter)
    settled_quantities: Counter[int] = field(default_factory=Counter)
    paid: int = 0
    spends: dict[str, int] = field(default_factory=dict)
    positions: dict[str, list[int]] = field(default_factory=dict)
    owed: dict[str, int] | None = None
    received: dict[str, int] = field(default_factory=dict)
    trades: list[Item] = field(default_factory=list)
    revisions: list[int] = field(default_factory=list)
    decided_by: str | None = None
    candles: dict[tuple[str, str], Item] = field(default_factory=dict)


class Auditor:
    """Watches a store."""

    def __init__(self) -> None:
        self.markets: dict[str, MarketBooks] = defaultdict(MarketBooks)
        self.trades: dict[str, Item] = {}
        self.commands: dict[tuple[str, str], Item] = {}
        self.entries: dict[str, list[Item]] = defaultdict(list)
        self._items: dict[Place, Item] = {}
        self._balances = Counter[str]()
        self._pools = Counter[str]()
        self.issued = 0
        self.combined = 0
        self.withdrawn = 0
        self.laned = 0

    def watch(self, changes: Sequence[Change]) -> None:
        """Look at the snapshot that a transaction leaves.

        Raises:
            ViolationError: a promise is broken.
        """
        touched = set[str]()
        done = len(self.trades)
        for place, before, after in sorted(changes, key=reading_order):
            table, partition, sort = place
            if table == TABLES.ledger:
                require("the ledger is append-only", holds=before is None and after is not None, because=place)
                self._watch_ledger(sort, plain(after or {}))
            elif not partition.startswith(_ROWS):
                require("no form is lowered", holds=_form(before) <= _form(after or before), because=place)
                known = self._items.pop(place, None)
                require("only transactions change items", holds=(known is None) == (before is None), because=place)
                if after is not None:
                    self._items[place] = plain(after)
                touched |= self._watch_core(partition, sort, known, self._items.get(place))
        for slug in touched:
            self._check_market(slug)
        together = len(self.trades) - done
        self.combined += together if together > 1 else 0
        total = self._balances.total() + self._pools.total()
        require("no money is made or lost", holds=total == self.issued, because=(total, self.issued))

    def check_the_end(self) -> None:
        """What must hold once nothing moves any more: whole chains, everybody paid, no pool left."""
        for slug, books in self.markets.items():
            if books.book is not None:
                self._check_chain(slug, books)
                require("every market is settled in the end", holds=books.book["status"] in FINAL, because=slug)
                self._check_settled(slug, books)
                require("candles are a fold of the trades", holds=_fold(books) == books.candles, because=slug)
        for account, entries in self.entries.items():
            self._check_journal(account, entries)

    def _watch_ledger(self, sort: str, record: Item) -> None:
        if sort.startswith("V#"):
            books = self.markets[record["market"]]
            books.revisions.append(record["revision"])
            books.decided_by = record["actor"] if record["status"] == SETTLING else books.decided_by
            return
        postings = {posting["name"]: posting["amount"]["amount"] for posting in record["postings"]}
        require("postings sum to zero", holds=sum(postings.values()) == 0, because=record)
        self.issued -= postings.get(HOUSE, 0)
        self.entries[record["account"]].append(record)
        if record["trade"] is not None:
            self._watch_trade(record["trade"])
        elif record["kind"] in {"payout", "refund"}:
            received = self.markets[record["market"]].received
            once = record["account"] not in received
            require("a position is paid once", holds=once, because=(record["account"], record["market"]))
            received[record["account"]] = postings[record["account"]]

    def _watch_trade(self, trade: Item) -> None:
        books = self.markets[trade["market"]]
        require("one trade for one key", holds=trade["id"] not in self.trades, because=trade["id"])
        self.trades[trade["id"]] = trade
        books.trades.append(trade)
        require("versions have no gaps", holds=trade["version"] == len(books.trades), because=trade)

    def _watch_core(self, partition: str, sort: str, before: Item | None, after: Item | None) -> set[str]:
        """Take a change into account; the slugs of the markets whose books it touches."""
        if partition.startswith(_OF_WEBHOOKS):
            return set()
        name = partition[2:]
        if sort == "P":
            self._watch_account(name, before, after)
        elif sort.startswith("P#"):
            self._watch_position(sort[2:], name, before, after)
            return {sort[2:]}
        elif sort.startswith("K#"):
            require("an answer is kept", holds=before is None and after is not None, because=(name, sort))
            self.commands[name, sort[2:]] = after or {}
        elif sort.startswith("C#"):
            require("no candle vanishes", holds=after is not None, because=(name, sort))
            candle = after or {}
            self.markets[candle["market"]].candles[candle["interval"], candle["start"]] = candle
        elif sort == "META":
            self.markets[name].market = after
        elif sort == "BOOK":
            self._watch_book(name, before, after)
            return {name}
        elif sort.startswith("S#"):
            self._watch_tally(name, before, after)
            return {name}
        return set()

    def _watch_account(self, name: str, before: Item | None, after: Item | None) -> None:
        require("no account vanishes", holds=after is not None, because=name)
        assert after is not None
        had, has = (before or {}).get("name"), after["name"]
        require("what a later release wrote is never lost", holds=bool(has) or not had, because=(name, had))
        require("no balance is negative", holds=after["balance"]["amount"] >= 0, because=after)
        require("every movement has its entry", holds=after["seq"] == len(self.entries[name]), because=after)
        self._balances[name] = after["balance"]["amount"]

    def _watch_position(self, slug: str, account: str, before: Item | None, after: Item | None) -> None:
        books = self.markets[slug]
        books.quantities.subtract(_numbered(before))
        books.quantities.update(_numbered(after))
        if after is None:
            books.positions.pop(account, None)
            return
        require("nobody is short", holds=min(after["quantities"]) >= 0, because=after)
        books.positions[account] = after["quantities"]
        books.spends[account] = sum(spent["amount"] for spent in after["spent"])

    def _watch_tally(self, slug: str, before: Item | None, after: Item | None) -> None:
        books = self.markets[slug]
        self.laned += after is not None and after["shard"] >= HOLDER_SHARDS
        books.settled_quantities.subtract(_numbered(before))
        books.settled_quantities.update(_numbered(after))
        books.paid += (after["paid"]["amount"] if after else 0) - (before["paid"]["amount"] if before else 0)

    def _watch_book(self, slug: str, before: Item | None, after: Item | None) -> None:
        books = self.markets[slug]
        assert after is not None
        if before is not None:
            traded = after["version"] - before["version"]
            is_whole = after["version"] == len(books.trades) and traded >= 0
            require("versions have no gaps", holds=is_whole, because=slug)
            require(
                "nothing but a trade moves shares", holds=traded > 0 or _frozen(before) == _frozen(after), because=slug
            )
            for trade in books.trades[before["version"] :]:
                self._check_open(before, trade)
            self._check_undecided(slug, books, before["status"], after["status"])
        books.book = after
        if after["status"] == SETTLING and books.owed is None:
            books.owed = self._work_out(books, after)

    def _check_undecided(self, slug: str, books: MarketBooks, before: str, after: str) -> None:
        """A decision may be withdrawn before anything of it is paid; then it is as if it had not been made."""
        if before not in FINAL | {SETTLING} or after in FINAL | {SETTLING}:
            return
        is_unpaid = not books.received and not books.paid and not books.settled_quantities.total()
        is_withdrawn = before == SETTLING and after == CLOSED and is_unpaid
        require("nothing is undecided once it is paid", holds=is_withdrawn, because=(slug, before, after))
        books.owed = None
        self.withdrawn += 1

    def _check_open(self, book: Item, trade: Item) -> None:
        closes_at = book["closes_at"]
        in_time = closes_at is None or _instant(trade["created_at"]) < _instant(closes_at)
        is_open = book["status"] == OPEN and in_time
        require("no trade at or after closing or resolution", holds=is_open, because=(book, trade))

    def _check_market(self, slug: str) -> None:
        """One market as a snapshot shows it."""
        books = self.markets[slug]
        book = books.book
        require("no position without a book", holds=book is not None, because=slug)
        assert book is not None
        pool, quantities = book["pool"]["amount"], book["quantities"]
        self._pools[slug] = pool - (books.paid if book["status"] == SETTLING else 0)
        require("no pool is negative", holds=self._pools[slug] >= 0, because=slug)
        if book["status"] in FINAL:
            require("the pool is empty after settlement", holds=pool == 0, because=(slug, pool))
            require("everybody is paid before the end", holds=not books.positions, because=books.positions)
            return
        require("each version is a trade", holds=book["version"] == len(books.trades), because=book)
        require("the pool covers every payout", holds=pool >= max(quantities), because=(slug, pool, quantities))
        held = [books.quantities[place] + books.settled_quantities[place] for place in range(len(quantities))]
        require("the positions are the shares outstanding", holds=held == quantities, because=(slug, held, quantities))

    def _work_out(self, books: MarketBooks, book: Item) -> dict[str, int]:
        """What everybody is owed of a market that has just been decided, by the formulas of docs/api.md."""
        market = books.market
        assert market is not None
        rates = market["resolution"]["payouts"]
        is_interested = books.decided_by == market["creator"] and market["creator"] in books.positions
        require("no interested party resolves", holds=not is_interested, because=market)
        if rates is not None:
            require("payouts sum to one", holds=sum(rates) == MICROS, because=rates)
            return {
                account: sum(rate * held for rate, held in zip(rates, quantities, strict=True)) // MICROS
                for account, quantities in books.positions.items()
            }
        stakes = {account: max(0, books.spends[account]) for account in books.positions}
        everything = sum(stakes.values())
        collected = max(0, book["pool"]["amount"] - book["subsidy"]["amount"])
        return {
            account: stake * min(collected, everything) // everything if everything else 0
            for account, stake in stakes.items()
        }

    def _check_settled(self, slug: str, books: MarketBooks) -> None:
        owed = {account: amount for account, amount in (books.owed or {}).items() if amount}
        received = {account: amount for account, amount in books.received.items() if amount}
        require("each position is paid what it is owed", holds=owed == received, because=(slug, owed, received))

    def _check_chain(self, slug: str, books: MarketBooks) -> None:
        """Replay the market from nothing but its trades: every charge, every price and every digest."""
        book, head = books.book, _NO_DIGEST
        assert book is not None
        outcomes, quantities, b = book["outcomes"], [0] * len(book["outcomes"]), book["liquidity"]
        pool = book["subsidy"]["amount"]
        for trade in books.trades:
            place, quantity = outcomes.index(trade["outcome"]), trade["quantity"]
            if trade["side"] == "buy":
                amount = lmsr.charge_for_purchase(quantities, b, place, quantity)
                quantities[place] += quantity
            else:
                amount = lmsr.proceeds_of_sale(quantities, b, place, quantity)
                quantities[place] -= quantity
            pool += amount if trade["side"] == "buy" else -amount
            require("trades replay to the same charges", holds=amount == trade["amount"]["amount"], because=trade)
            head = _digest(head, trade)
            require("trades replay to the same digests", holds=head == trade["digest"], because=trade)
        require("the pool is never below C(q)", holds=pool >= lmsr.cost(quantities, b), because=(slug, pool))
        require("the book's head is the last digest", holds=head == book["head"], because=slug)
        require("the book's shares are its trades'", holds=quantities == book["quantities"], because=slug)
        revisions, published = books.revisions, range(book["origin"] + 1, book["revision"] + 1)
        require("revisions have no gaps", holds=revisions == list(published), because=(slug, revisions))

    def _check_journal(self, account: str, entries: list[Item]) -> None:
        running = 0
        for number, entry in enumerate(entries, start=1):
            running += entry["postings"][0]["amount"]["amount"]
            in_order = entry["seq"] == number and entry["balance_after"]["amount"] == running
            require("the journal leads to the balance", holds=in_order, because=entry)
        require("the journal leads to the balance", holds=running == self._balances[account], because=account)


def _form(item: Item | None) -> int:
    """The number of the form in which an item is stored."""
    return int((item or {}).get(SCHEMA, {"N": "1"})["N"])


def plain(item: Mapping[str, Any]) -> Item:
    """An item without its types, its keys and the number of its form."""
    return {name: _plain(value) for name, value in item.items() if name not in {PARTITION, SORT, SCHEMA}}


def _plain(attribute: Mapping[str, Any]) -> Any:
    ((kind, value),) = attribute.items()
    if kind == "N":
        return Decimal(value) if "." in value else int(value)
    if kind == "L":
        return [_plain(element) for element in value]
    if kind == "M":
        return {name: _plain(element) for name, element in value.items()}
    return None if kind == "NULL" else value


def _fold(books: MarketBooks) -> dict[tuple[str, str], Item]:
    """The candles that a market's trades make, in the order of their versions."""
    candles: dict[tuple[str, str], Item] = {}
    assert books.book is not None
    outcomes = books.book["outcomes"]
    prices = list(lmsr.shown_prices([0] * len(outcomes), books.book["liquidity"]))
    for trade in books.trades:
        after = [price["price"] for price in trade["prices_after"]]
        for interval, seconds in (("1m", 60), ("1h", 3600), ("1d", 86_400)):
            start = datetime.fromtimestamp(_instant(trade["created_at"]).timestamp() // seconds * seconds, UTC)
            place = interval, start.isoformat().replace("+00:00", "Z")
            fresh = {"market": trade["market"], "interval": interval, "start": place[1], "volume": _money(0)}
            candle = candles.setdefault(place, {**fresh, "ranges": [[price] * 4 for price in prices]})
            candle["ranges"] = [
                [opened, max(high, price), min(low, price), price]
                for (opened, high, low, _), price in zip(candle["ranges"], after, strict=True)
            ]
            candle["volume"] = _money(candle["volume"]["amount"] + trade["amount"]["amount"])
            candle["version"] = trade["version"]
        prices = after
    return candles


def _money(amount: int) -> Item:
    return {"amount": amount, "currency": "CREDIT"}


def reading_order(change: Change) -> tuple[int, Decimal]:
    """What happened first, trades in their order, then what the market says of it, then everything else."""
    table, _, sort = change.place
    if table != TABLES.ledger:
        return (1 if sort == "META" else 2), Decimal(0)
    return 0, Decimal((change.after or {}).get("trade_version", {"N": "0"})["N"])


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _numbered(holder: Item | None) -> dict[int, int]:
    return dict(enumerate(holder["quantities"])) if holder else {}


def _frozen(book: Item) -> tuple[Any, ...]:
    return (book["quantities"], book["head"], book["volume"], book["holders"], book["staked"])


def _digest(previous: str, trade: Item) -> str:
    """The digest as api.md defines it, of the trade as the API shows it."""
    shown = {
        "id": trade["id"],
        "market": trade["market"],
        "account": trade["account"],
        "outcome": trade["outcome"],
        "side": trade["side"],
        "quantity": format_micros(trade["quantity"]),
        "amount": format_micros(trade["amount"]["amount"]),
        "prices_after": {price["outcome"]: format_micros(price["price"]) for price in trade["prices_after"]},
        "version": trade["version"],
        "created_at": _instant(trade["created_at"]).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }
    text = json.dumps(shown, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()
