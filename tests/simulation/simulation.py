"""One run: a plan, everything it is made of, and what it shows."""

import hashlib
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from random import Random
from unittest.mock import patch

import msgspec

from domain.application.history.list_prices import ListPricesRequest
from domain.application.instance.reconciliation.reconcile import find_repairs
from domain.application.ledger.get_audit import GetAuditRequest
from domain.model.history.candle import Interval
from domain.model.trading.market import DECIDED, MarketStatus
from functions.adapter.out.dynamodb.reconciliation import DynamoStoredRecords, record_of
from tests.fakes.clock import START
from tests.simulation.auditor import Auditor, require
from tests.simulation.cluster import Cluster, audit, ring_untold
from tests.simulation.faults import Chance, Fault, Plan
from tests.simulation.followers import Followers
from tests.simulation.network import Network
from tests.simulation.people import ADMIN, NEIGHBOURS, Organizer, People, Trader, give_away, hold
from tests.simulation.receivers import Receivers
from tests.simulation.releases import two_releases
from tests.simulation.store import LONGEST_LAG, Change, Store
from tests.simulation.upgrade import Renamer, store_anew
from tests.simulation.virtual_loop import create_virtual_loop

_PAGES = (1, 2, 3, 50)
_CALM_SECONDS = 25.0
_LAST_SECONDS = 900.0


@dataclass(frozen=True, slots=True)
class Report:
    """What a run was.

    Args:
        trace: a hash of every step: the same for the same plan.
        trades: how many there were.
        transactions: how many were committed.
        combined: how many of the trades were committed together with others.
        withdrawn: how many decisions were withdrawn.
        laned: how many pages were settled in lanes that only crowds have.
        faults: how often each thing went wrong.
        seconds: of virtual time.
    """

    trace: str
    trades: int
    transactions: int
    combined: int
    withdrawn: int
    laned: int
    faults: dict[Fault, int]
    seconds: float


class Simulation:
    """Runs a plan once.

    Args:
        plan: what it is made of.
        keep_trace: whether to keep every line, for people to read.
    """

    def __init__(self, plan: Plan, *, keep_trace: bool = False) -> None:
        self._plan, self._chance = plan, Chance(plan)
        self._loop = create_virtual_loop()
        self.lines: list[str] | None = [] if keep_trace else None
        self._hash = hashlib.sha256()
        self._transactions = 0
        self._lag = Random(f"{plan.seed}/lag")
        self._store = Store(self._loop.time, self._trail, self._page)
        network = Network(self._store, self._chance, Random(f"{plan.seed}/network"), self._note, self._loop.begin)
        self._auditor = Auditor()
        self._store.observers += [self._note_changes, self._auditor.watch]
        self._receivers = Receivers(self._chance, Random(f"{plan.seed}/receivers"))
        if plan.is_followed:
            self._store.observers.append(self._receivers.watch)
        self._cluster = Cluster(plan, self._loop, network, self._receivers)
        self._people = People(self._cluster, self._auditor)

    def run(self) -> Report:
        """Let everybody live, then let everything come to rest, and check every promise.

        Raises:
            ViolationError: one is broken.
        """
        secret = Random(f"{self._plan.seed}/secrets")
        with (
            patch.multiple(
                "secrets",
                token_bytes=secret.randbytes,
                token_hex=lambda length: secret.randbytes(length).hex(),
            ),
            two_releases() if self._plan.has_two_releases else nullcontext(),
        ):
            self._loop.run(self._live())
        return Report(
            self._hash.hexdigest(),
            len(self._auditor.trades),
            self._transactions,
            self._auditor.combined,
            self._auditor.withdrawn,
            self._auditor.laned,
            self._chance.happened,
            self._loop.time(),
        )

    async def _live(self) -> None:
        organizers = [Organizer(self._people, number) for number in range(self._plan.markets)]
        traders = [Trader(self._people, number) for number in range(self._plan.traders)]
        followers = Followers(self._people, self._receivers) if self._plan.is_followed else None
        lives = [*(organizer.live() for organizer in organizers), *(trader.live() for trader in traders)]
        lives += [followers.owner.live()] if followers else []
        lives += [hold(self._people, name) for name in NEIGHBOURS] if self._plan.has_workers else []
        if self._plan.has_two_releases:
            renamers = [Renamer(self._people, number) for number in range(self._plan.traders)]
            lives += [*(renamer.live() for renamer in renamers), store_anew(self._people)]
        tasks = [self._loop.create_task(life) for life in (*lives, give_away(self._people))]
        for task in tasks:
            await task
            self._cluster.require_no_failure()
        self._check_folds()
        self._chance.heal()
        self._cluster.finish_deploy()
        await self._loop.sleep(_CALM_SECONDS)
        await self._people.reconcile()
        for number, organizer in enumerate(organizers):
            if self._is_undecided(f"market-{number}"):
                await organizer.decide(ADMIN)
        await self._people.reconcile()
        while any(books.book and books.book["status"] == "SETTLING" for books in self._auditor.markets.values()):
            if self._loop.time() > _LAST_SECONDS:
                break
            await self._loop.sleep(5.0)
        await self._catch_up()
        if followers:
            await self._tell_everybody(followers)
        self._cluster.require_no_failure()
        self._auditor.check_the_end()
        self._people.check()
        self._check_folds()

    async def _tell_everybody(self, followers: Followers) -> None:
        """Let readers come to the end, lost rings be made up for, and webhooks go on with what failed."""
        await followers.finish()
        self._cluster.require_no_failure()
        self._cluster.loses_rings = False
        await self._cluster.begin(ring_untold)
        await self._loop.sleep(_CALM_SECONDS)
        self._receivers.check_unrefused()
        await followers.owner.enable_all()
        await self._loop.sleep(_CALM_SECONDS)
        self._receivers.check()

    def _check_folds(self) -> None:
        """Whatever is stored beside the ledger is what the ledger adds up to."""
        records = [record for item in self._store.items.values() if (record := record_of(item)) is not None]
        repairs = list(find_repairs(DynamoStoredRecords(records), START))
        require("everything stored follows from the ledger", holds=not repairs, because=repairs)

    async def _catch_up(self) -> None:
        """Read what is projected, which rings for what is behind; walk over all balances and compare the totals."""
        for number in range(self._plan.markets):
            await self._people.look("list_prices", ListPricesRequest(f"market-{number}", Interval.DAY))
        await self._loop.sleep(_CALM_SECONDS)
        if not self._plan.is_audited:
            return
        for _ in range(2):  # the first run may only end a walk that was begun before
            await self._cluster.begin(audit)
        books = (await self._people.look("get_audit", GetAuditRequest())).audit
        issued = self._auditor.issued
        totals = (books.issued.amount, books.difference.amount)
        require("the audit says what was issued", holds=totals == (issued, 0), because=(books, issued))

    def _is_undecided(self, slug: str) -> bool:
        book = self._auditor.markets[slug].book
        return book is not None and MarketStatus(book["status"]) not in DECIDED

    def _trail(self) -> float:
        return self._lag.uniform(0.0, LONGEST_LAG) if self._chance.strikes(Fault.STALE_INDEX) else 0.0

    def _page(self) -> int:
        return self._lag.choice(_PAGES) if self._chance.strikes(Fault.SHORT_PAGE) else 1000

    def _note_changes(self, changes: Sequence[Change]) -> None:
        self._transactions += 1
        self._hash.update(msgspec.json.encode([change.after for change in changes]))

    def _note(self, *words: object) -> None:
        line = f"{self._loop.time():10.6f} {' '.join(map(str, words))}"
        self._hash.update(line.encode())
        if self.lines is not None:
            self.lines.append(line)
