"""What use cases are made of: the ports over one store, the time, and what the instance is set to."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from domain.application.shared.commands import Commands
from domain.model.admission.session_kind import SessionKind
from domain.port.out.clock import Clock, Random
from domain.port.out.combining import CombiningStore
from domain.port.out.doorbell import Doorbell
from domain.port.out.identity import Issuer
from domain.port.out.store import RecordReader, Store
from domain.port.out.unit_of_work import UnitOfWork
from functions.adapter.out.optimistic import OptimisticStore
from functions.config.settings import OidcSettings, Settings

if TYPE_CHECKING:  # each use case loads what it needs of these
    from domain.port.out.admission import AdmissionRepository
    from domain.port.out.condition import Condition
    from domain.port.out.discussion import CommentRepository
    from domain.port.out.history import CandleRepository, EventRepository
    from domain.port.out.ledger import AuditRepository, JournalRepository
    from domain.port.out.record import TrackRecordRepository
    from domain.port.out.trading import BookRepository, MarketRepository, PositionRepository
    from domain.port.out.webhooks import WebhookRepository, WebhookSender

type CreateWebhookSender = Callable[[Settings], WebhookSender]
type CreateIssuer = Callable[[OidcSettings, Clock], Issuer]


@dataclass(frozen=True)
class Persistence:
    """The persistence ports, all over one store."""

    records: RecordReader
    unit_of_work: UnitOfWork
    markets: "MarketRepository"
    books: "BookRepository"
    positions: "PositionRepository"
    journal: "JournalRepository"
    candles: "CandleRepository"
    events: "EventRepository"
    audits: "AuditRepository"
    admission: "AdmissionRepository"
    comments: "CommentRepository"
    track_records: "TrackRecordRepository"
    webhooks: "WebhookRepository"
    condition: "Condition"

    @property
    def trailing(self) -> RecordReader:
        """Where records are read that may be seconds old, as those of markets may; current where that costs no more."""
        return self.records

    def store(self, clock: Clock, random: Random) -> Store:
        """The store of decisions at these times; where one can do better than conditional writes, it does."""
        return OptimisticStore(self.records, self.unit_of_work, clock, random)

    def combining(self, clock: Clock, random: Random) -> CombiningStore | None:  # noqa: ARG002 - for those that have one
        """Where commands on a busy record are carried out together; None where the store itself does well."""
        return None


def _no_doorbell(queue: str) -> Doorbell:
    raise LookupError(f"there is no doorbell for {queue} here")


def _no_issuer(_: OidcSettings, __: Clock) -> Issuer:
    raise LookupError("there is no way to verify an issuer's tokens here")


def _no_sender(_: Settings) -> "WebhookSender":
    raise LookupError("there is no way to send to webhooks here")


@dataclass(frozen=True)
class Ports:
    """Everything that the functions of :mod:`functions.config.wiring` make use cases of.

    Args:
        persistence: the store.
        clock: the time.
        random: chance.
        settings: what this instance is set to.
        doorbell: makes the way to ring for the workers of a queue of that name.
        create_issuer: makes what verifies an issuer's tokens.
        create_webhook_sender: makes what sends to webhooks.
        session_kinds: the sessions that let somebody in.
    """

    persistence: Persistence
    clock: Clock
    random: Random
    settings: Settings
    doorbell: Callable[[str], Doorbell] = _no_doorbell
    create_issuer: CreateIssuer = _no_issuer
    create_webhook_sender: CreateWebhookSender = _no_sender
    session_kinds: frozenset[SessionKind] = field(default=frozenset({SessionKind.INVITATION}))

    @cached_property
    def store(self) -> Store:
        """Where records are read and decisions committed."""
        return self.persistence.store(self.clock, self.random)

    @cached_property
    def commands(self) -> Commands:
        """Where every POST is done once for its key."""
        return Commands(self.store)

    @cached_property
    def combined_commands(self) -> Commands:
        """The same for commands on a record that many write at once."""
        return Commands(self.store, self.persistence.combining(self.clock, self.random))

    @cached_property
    def issuer(self) -> Issuer | None:
        """Whose tokens count besides the instance's own; None for nobody's."""
        oidc = self.settings.oidc
        return self.create_issuer(oidc, self.clock) if oidc else None

    @cached_property
    def webhook_sender(self) -> "WebhookSender":
        """What sends to webhooks."""
        return self.create_webhook_sender(self.settings)
