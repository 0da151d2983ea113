"""The persistence ports over DynamoDB, and the ports that every Lambda function starts from."""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, cached_property
from typing import TYPE_CHECKING

from domain.port.out.clock import Clock, Random
from domain.port.out.combining import CombiningStore
from domain.port.out.doorbell import Doorbell
from domain.port.out.store import Change
from domain.port.out.unit_of_work import CommitOutcome, Committed, UnitOfWork
from functions.adapter.in_.lambda_.observability import count
from functions.adapter.out.dynamodb.gateway import DynamoGateway, connect, create_client
from functions.adapter.out.dynamodb.records import DynamoRecords
from functions.adapter.out.dynamodb.tables import Client, Tables
from functions.adapter.out.invocation.doorbell import InvocationDoorbell
from functions.adapter.out.invocation.doorbell import create_client as create_function_client
from functions.adapter.out.sqs.doorbell import SqsDoorbell
from functions.adapter.out.sqs.doorbell import create_client as create_queue_client
from functions.adapter.out.system.clock import SystemClock, SystemRandom
from functions.adapter.out.system.condition import Untroubled
from functions.config.ports import CreateIssuer, CreateWebhookSender, Persistence, Ports
from functions.config.settings import Settings
from functions.registry import DOORBELLS, Queue
from functions.registry.deployed import CONNECT_AT_START

if TYPE_CHECKING:
    from functions.adapter.out.dynamodb.allowance import DynamoAllowance
    from functions.adapter.out.dynamodb.finders.admission import DynamoAdmission
    from functions.adapter.out.dynamodb.finders.discussion import DynamoComments
    from functions.adapter.out.dynamodb.finders.history import DynamoCandles, DynamoEvents
    from functions.adapter.out.dynamodb.finders.ledger import DynamoAudits, DynamoJournal
    from functions.adapter.out.dynamodb.finders.record import DynamoTrackRecords
    from functions.adapter.out.dynamodb.finders.trading import DynamoBooks, DynamoMarkets, DynamoPositions
    from functions.adapter.out.dynamodb.finders.webhooks import DynamoWebhooks


class DynamoPersistence(Persistence):
    """All ports over two tables. What only some use cases need is loaded for them alone.

    Args:
        gateway: the way to the tables.
        unit_of_work: makes where changes are committed, over what commits them.
        beside: the way to the tables for what is to be done while something else is.
        combined: how many orders on a busy book are one transaction; None for as many as fit.
    """

    _gateway: DynamoGateway
    _beside: UnitOfWork
    _combined: int | None

    def __init__(
        self,
        gateway: DynamoGateway,
        unit_of_work: Callable[[UnitOfWork], UnitOfWork],
        beside: DynamoGateway,
        combined: int | None = None,
    ) -> None:
        records = DynamoRecords(gateway)
        vars(self).update(
            _gateway=gateway,
            _beside=unit_of_work(DynamoRecords(beside)),
            _combined=combined,
            records=records,
            unit_of_work=unit_of_work(records),
            condition=Untroubled(),
        )

    @cached_property
    def trailing(self) -> DynamoRecords:
        """See :class:`Persistence`."""
        return DynamoRecords(self._gateway, consistent=False)

    @cached_property
    def markets(self) -> "DynamoMarkets":
        """See :class:`Persistence`."""
        from functions.adapter.out.dynamodb.finders.trading import DynamoMarkets

        return DynamoMarkets(self._gateway)

    @cached_property
    def books(self) -> "DynamoBooks":
        """See :class:`Persistence`."""
        from functions.adapter.out.dynamodb.finders.trading import DynamoBooks

        return DynamoBooks(self._gateway)

    @cached_property
    def positions(self) -> "DynamoPositions":
        """See :class:`Persistence`."""
        from functions.adapter.out.dynamodb.finders.trading import DynamoPositions

        return DynamoPositions(self._gateway)

    @cached_property
    def journal(self) -> "DynamoJournal":
        """See :class:`Persistence`."""
        from functions.adapter.out.dynamodb.finders.ledger import DynamoJournal

        return DynamoJournal(self._gateway)

    @cached_property
    def candles(self) -> "DynamoCandles":
        """See :class:`Persistence`."""
        from functions.adapter.out.dynamodb.finders.history import DynamoCandles

        return DynamoCandles(self._gateway)

    @cached_property
    def events(self) -> "DynamoEvents":
        """See :class:`Persistence`."""
        from functions.adapter.out.dynamodb.finders.history import DynamoEvents

        return DynamoEvents(self._gateway)

    @cached_property
    def audits(self) -> "DynamoAudits":
        """See :class:`Persistence`."""
        from functions.adapter.out.dynamodb.finders.ledger import DynamoAudits

        return DynamoAudits(self._gateway)

    @cached_property
    def admission(self) -> "DynamoAdmission":
        """See :class:`Persistence`."""
        from functions.adapter.out.dynamodb.finders.admission import DynamoAdmission

        return DynamoAdmission(self._gateway)

    @cached_property
    def comments(self) -> "DynamoComments":
        """See :class:`Persistence`."""
        from functions.adapter.out.dynamodb.finders.discussion import DynamoComments

        return DynamoComments(self._gateway)

    @cached_property
    def track_records(self) -> "DynamoTrackRecords":
        """See :class:`Persistence`."""
        from functions.adapter.out.dynamodb.finders.record import DynamoTrackRecords

        return DynamoTrackRecords(self._gateway)

    @cached_property
    def webhooks(self) -> "DynamoWebhooks":
        """See :class:`Persistence`."""
        from functions.adapter.out.dynamodb.finders.webhooks import DynamoWebhooks

        return DynamoWebhooks(self._gateway)

    def allowance(self, table: str, requests_per_minute: int, clock: Clock) -> "DynamoAllowance":
        """What callers may still ask, by the same connections; ``table`` is the name of the table of callers."""
        from functions.adapter.out.dynamodb.allowance import DynamoAllowance

        return DynamoAllowance(self._gateway.client, table, requests_per_minute, clock)

    def combining(self, clock: Clock, random: Random) -> CombiningStore:
        """The mailboxes of busy books."""
        from functions.adapter.out.dynamodb.mailbox.leader import MOST, Tools
        from functions.adapter.out.dynamodb.mailbox.postbox import Postbox
        from functions.adapter.out.dynamodb.mailbox.store import MailboxStore

        postbox = Postbox(self._gateway, DynamoRecords(self._gateway), clock, random)
        most = self._combined or MOST
        return MailboxStore(Tools(postbox, self.records, self.unit_of_work, self._beside, clock, random, most))


def dynamodb_persistence(
    client: Client,
    tables: Tables,
    clock: Clock,
    random: Random,
    *,
    threads: bool = False,
    combined: int | None = None,
) -> Persistence:
    """All ports over two tables; ``threads`` for a process that does many things at once.

    See :class:`DynamoPersistence` for ``combined``.
    """
    gateway = DynamoGateway(client, tables, clock, random, threads=threads)
    return DynamoPersistence(gateway, lambda records: records, gateway, combined)


@cache
def ports(
    *,
    threads: bool = False,
    create_issuer: CreateIssuer | None = None,
    create_webhook_sender: CreateWebhookSender | None = None,
) -> Ports:
    """The ports of this Lambda environment; see :class:`Ports` for what they can be given.

    The environment variables CORE_TABLE and LEDGER_TABLE name its tables, and for each doorbell that a function rings,
    one such as SETTLEMENT_QUEUE_URL or RECORDS_FUNCTION names what answers it. With CONNECT_AT_START the connection to
    the tables is opened at once.
    """
    clock, random = SystemClock(), SystemRandom()
    tables = Tables(core=os.environ["CORE_TABLE"], ledger=os.environ["LEDGER_TABLE"])
    client = create_client()
    if CONNECT_AT_START in os.environ:
        connect(client, tables)
    gateway, beside = (DynamoGateway(client, tables, clock, random, threads=each) for each in (threads, True))
    persistence = DynamoPersistence(gateway, CountedCommits, beside)
    settings = Settings.from_environment(os.environ)
    made = Ports(persistence, clock, random, settings, doorbell=_doorbell)
    if create_issuer:
        made = replace(made, create_issuer=create_issuer)
    return replace(made, create_webhook_sender=create_webhook_sender) if create_webhook_sender else made


class CountedCommits:
    """A UnitOfWork over another one, which counts the commits that have to be tried again."""

    def __init__(self, inner: UnitOfWork) -> None:
        self._inner = inner

    async def commit(self, writes: Sequence[Change]) -> CommitOutcome:
        """Commit, and count it unless it was done."""
        outcome = await self._inner.commit(writes)
        if not isinstance(outcome, Committed):
            count("retries")
        return outcome


def _doorbell(name: str) -> Doorbell:
    """The doorbell of a name in the registry.

    Raises:
        LookupError: the environment does not say what answers it.
    """
    trigger = DOORBELLS[name]
    if trigger.variable not in os.environ:
        raise LookupError(f"{trigger.variable} does not say what answers the doorbell {name!r}")
    answers = os.environ[trigger.variable]
    if isinstance(trigger, Queue):
        return SqsDoorbell(create_queue_client, answers)
    return InvocationDoorbell(create_function_client, answers)
