"""The mailboxes and leases as items: each written alone and on a condition, at half of what a transaction costs."""

from datetime import datetime

import msgspec

from domain.model.kernel.command import Command
from domain.model.kernel.errors import ContentionError
from domain.model.kernel.record import Key, key_for
from domain.port.out.clock import Clock, Random
from domain.port.out.store import Change, Insert, Remove, Replace
from domain.port.out.unit_of_work import Committed, ConditionFailed, OutcomeUnknown
from functions.adapter.out.dynamodb.gateway import DynamoGateway
from functions.adapter.out.dynamodb.items import decode, place_of
from functions.adapter.out.dynamodb.layout.item import Item
from functions.adapter.out.dynamodb.layout.own import mailbox_partition
from functions.adapter.out.dynamodb.mailbox.mail import CROWDED, FULL, PATIENCE, TERM, Lease, Mail, milliseconds
from functions.adapter.out.dynamodb.records import DynamoRecords
from functions.adapter.out.dynamodb.tables import PRIMARY, SORT

_SENDINGS = 4
_BASE_SECONDS = 0.02
_LARGEST = 2**53


def lease_key(market: str) -> Key[Lease]:
    """Where the lease of a market's book is."""
    return key_for(Lease, market)


class Postbox:
    """Sends, finds and takes back mail, and takes and releases leases.

    Args:
        gateway: the way to DynamoDB.
        records: for what is written alone.
        clock: the time of deadlines.
        random: what tells mail and leases apart.
    """

    def __init__(self, gateway: DynamoGateway, records: DynamoRecords, clock: Clock, random: Random) -> None:
        self._gateway = gateway
        self._records = records
        self._clock = clock
        self._random = random

    async def is_full(self, market: str, enough: int) -> bool:
        """Whether so many messages have waited for so long that another would wait in vain; it may trail behind.

        Those past their deadline do not count: nobody waits for them any more.
        """
        now = self._clock.now()
        items = await self._gateway.query(
            PRIMARY, mailbox_partition(market), below=_place_of(now - FULL), limit=enough, forward=False
        )
        waiting = [mail for item in items if (mail := _read(item)) and mail.deadline > milliseconds(now)]
        return len(waiting) >= enough

    async def send(self, market: str, name: str, message: object) -> Mail:
        """Put a message into the mailbox of a market, behind those that are there.

        Args:
            market: the slug.
            name: tells the message from those of others.
            message: a dataclass of plain values, tuples and enumerations.

        Raises:
            ContentionError: DynamoDB was too busy, and the message is in no mailbox.
        """
        now = self._clock.now()
        place = f"{_place_of(now)}#{name}#{self._number():x}"
        plain = msgspec.to_builtins(message)
        mail = Mail(market, place, milliseconds(now + PATIENCE), plain)
        is_in_doubt = False
        for sending in range(_SENDINGS):
            outcome = await self._records.commit_alone(Insert(mail))
            # Nobody else has this place: if it is taken, an earlier sending has arrived and its answer was lost.
            if isinstance(outcome, Committed) or (is_in_doubt and isinstance(outcome, ConditionFailed)):
                return mail
            is_in_doubt = is_in_doubt or isinstance(outcome, OutcomeUnknown)
            await self._clock.sleep(self._random.uniform(0, _BASE_SECONDS * 2**sending))
        if is_in_doubt:
            return mail
        raise ContentionError

    async def take_back(self, mail: Mail) -> bool:
        """Remove a message; True only where it is certain that this did it, so that nobody carries it out."""
        return await self._write(Remove(mail))

    async def find_waiting(self, market: str, limit: int) -> list[Mail]:
        """The first messages in a mailbox, those past their deadline among them; what a later release wrote is not."""
        items = await self._gateway.query(
            PRIMARY, mailbox_partition(market), limit=limit, forward=True, consistent=True
        )
        return [mail for item in items if (mail := _read(item)) is not None]

    async def look(self, slot: Key[Command], market: str) -> tuple[bool, Lease | None]:
        """Whether a command is there, and the lease of a market; either may trail behind, and costs half as much."""
        lease = lease_key(market)
        items = await self._gateway.get([place_of(key).attributes() for key in (slot, lease)], consistent=False)
        leases = [item for item in items if item[SORT]["S"] == place_of(lease).sort]
        return len(items) > len(leases), decode(Lease, leases[0]) if leases else None

    async def take_lease(self, market: str, old: Lease | None) -> Lease | None:
        """Take the lease in the place of one that is over; None where somebody else was faster, or perhaps.

        Args:
            market: the slug.
            old: the lease as it was read; None where there was none.
        """
        lease = Lease(market, self._number(), milliseconds(self._clock.now() + TERM), 0)
        return lease if await self._write(Replace(lease, read=old) if old else Insert(lease)) else None

    async def release(self, lease: Lease, *, is_crowded: bool) -> None:
        """Let others lead, or trade directly where nobody waits. Another holder's lease is left alone."""
        over = milliseconds(self._clock.now() + CROWDED)
        crowded = Lease(lease.market, self._number(), until=0, crowded_until=over)
        await self._write(Replace(crowded, read=lease) if is_crowded else Remove(lease))

    async def _write(self, change: Change) -> bool:
        """Whether it was written, without doubt."""
        return isinstance(await self._records.commit_alone(change), Committed)

    def _number(self) -> int:
        return int(self._random.uniform(1, _LARGEST))


def open_mail[M](mail: Mail, kind: type[M]) -> M | None:
    """The message; None where it is of a form that this release does not know."""
    try:
        return msgspec.convert(mail.message, kind)
    except msgspec.ValidationError:
        return None


def _place_of(instant: datetime) -> str:
    """Before the places of all messages that were sent from then on."""
    return f"{int(instant.timestamp() * 1_000_000):017d}"


def _read(item: Item) -> Mail | None:
    try:
        return decode(Mail, item)
    except ContentionError:
        return None
