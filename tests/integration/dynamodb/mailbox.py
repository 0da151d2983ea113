"""One market in a simulated DynamoDB, and processes that trade on its book."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from domain.application.trading.place_order import OrderMessage
from domain.model.kernel.command import Command, Idempotency, command_id
from domain.model.kernel.money import MICROS
from domain.model.kernel.record import Key, key_for
from domain.model.ledger.account import Account
from domain.model.ledger.journal import JournalEntry
from domain.model.trading.book import Book
from domain.model.trading.order import OrderTerms
from domain.model.trading.position import Position
from domain.model.trading.trade import Side
from functions.adapter.out.dynamodb.gateway import DynamoGateway
from functions.adapter.out.dynamodb.items import decode, to_item
from functions.adapter.out.dynamodb.mailbox.mail import Lease, Mail, milliseconds
from functions.adapter.out.dynamodb.mailbox.postbox import Postbox
from functions.adapter.out.dynamodb.records import DynamoRecords
from functions.config.dynamodb import dynamodb_persistence
from tests.fakes.clock import FakeClock, SeededRandom
from tests.fakes.world import World
from tests.integration.dynamodb.recording import Failure, RecordingClient, cancelled, service_error
from tests.simulation.store import TABLES, Store

MARKET = "rain"
PURCHASE = OrderTerms("YES", Side.BUY, quantity=MICROS)
REFUSED_ALONE = Failure(service_error("ConditionalCheckFailedException"))


@dataclass
class Process:
    """A process that places orders, whose calls are recorded.

    Args:
        store: where everything is stored.
        clock: its clock.
        seed: makes its chance.
    """

    store: Store = field(default_factory=Store)
    clock: FakeClock = field(default_factory=FakeClock)
    seed: int = 0

    def __post_init__(self) -> None:
        store: Any = self.store  # as much of a client as the adapter calls
        self.client = RecordingClient(store)
        client: Any = self.client
        random = SeededRandom(self.seed)
        self.persistence = dynamodb_persistence(client, TABLES, self.clock, random)
        self.world = World(self.persistence, self.clock, random)
        gateway = DynamoGateway(client, TABLES, self.clock, random)
        self.postbox = Postbox(gateway, DynamoRecords(gateway), self.clock, random)

    async def begin(self, *accounts: str) -> None:
        """Publish the market, and open the accounts of everybody who trades in it."""
        for account in ("ann", *accounts):
            await self.world.open(account)
        await self.world.publish(MARKET, "ann")
        self.client.calls.clear()

    async def buy(self, account: str, terms: OrderTerms = PURCHASE) -> Any:
        """Place an order."""
        return await self.world.order(account, MARKET, terms)

    async def send(self, account: str, terms: OrderTerms = PURCHASE, key: str = "mailed") -> Mail:
        """Leave somebody's order in the mailbox, as a process does that then dies."""
        message = OrderMessage(account, (), MARKET, terms, Idempotency(key, "mailed"))
        return await self.postbox.send(MARKET, command_id(account, key), message)

    def meet(self, *reasons: str | None) -> None:
        """Let the next transaction be cancelled for these reasons; by default since the book has changed."""
        self.client.plan(
            "transact_write_items", Failure(cancelled(*(reasons or ("ConditionalCheckFailed", *[None] * 4))))
        )

    async def book(self) -> Book:
        """The book as it is stored."""
        return await self.world.found(key_for(Book, MARKET))

    async def find[R](self, key: Key[R]) -> R | None:
        """What is stored under a key."""
        return (await self.persistence.records.read(key)).get(key)

    async def command(self, account: str, key: str = "mailed") -> Command | None:
        """The command of an order that was left in the mailbox."""
        return await self.find(key_for(Command, account, command_id(account, key)))

    def mail(self) -> list[Mail]:
        """What is in the mailbox."""
        return [decode(Mail, item) for place, item in self.store.items.items() if place[1] == f"Q#{MARKET}"]

    def lease(self) -> Lease | None:
        """The lease, if there is one."""
        item = self.store.items.get((TABLES.core, f"LEASE#{MARKET}", "LEASE"))
        return decode(Lease, item) if item else None

    def put_lease(self, lasts: timedelta) -> None:
        """Let somebody lead, who is never heard of again."""
        lease = Lease(MARKET, 7, milliseconds(self.clock.now() + lasts), 0)
        self.store.put_item(TableName=TABLES.core, Item=to_item(lease))

    def trades(self) -> list[tuple[int, str]]:
        """Version and account of every trade, in their order."""
        entries = [decode(JournalEntry, item) for place, item in self.store.items.items() if place[2].startswith("E#")]
        return sorted((entry.trade.version, entry.account) for entry in entries if entry.trade)

    def transactions(self) -> list[int]:
        """How many items each transaction had, of those that this process tried."""
        calls = [call for call in self.client.calls if call.operation == "transact_write_items"]
        return [len(call.parameters["TransactItems"]) for call in calls]

    def keys_read(self) -> list[int]:
        """How many keys each reading had."""
        calls = [call for call in self.client.calls if call.operation == "batch_get_item"]
        return [len(call.parameters["RequestItems"][TABLES.core]["Keys"]) for call in calls]

    async def spend_elsewhere(self, account: str) -> None:
        """Change an account as a trade in another market does."""
        read = await self.world.found(key_for(Account, account))
        item = to_item(replace(read, seq=read.seq + 1))
        self.store.put_item(TableName=TABLES.core, Item=item)

    async def held(self, account: str) -> int:
        """The micro-shares of the first outcome that an account holds."""
        position = await self.find(key_for(Position, account, MARKET))
        return position.quantities[0] if position else 0
