"""The receivers of webhooks, and what happened by the ledger, in order, to hold against what they are told."""

import base64
import hmac
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

import msgspec

from domain.model.webhooks.address import Target
from domain.model.webhooks.delivery import Answer
from tests.simulation.auditor import plain, reading_order, require
from tests.simulation.expressions import Item
from tests.simulation.faults import Chance, Fault
from tests.simulation.store import TABLES, Change

_REFUSALS = (
    Answer(500),
    Answer(503, retry_after=timedelta(seconds=9)),
    Answer(410),
    Answer(None, "no answer within 15 seconds"),
)


@dataclass(frozen=True, slots=True)
class Happening:
    """An event as the ledger has it.

    Args:
        type: of the event.
        trade: the trade's id; None of any other change.
        created_at: by the clock of whoever did it.
    """

    type: str
    trade: str | None
    created_at: datetime


class Receivers:
    """Everybody who has webhooks, at one address for each of them.

    Like the auditor, it trusts nothing of the product but the names of attributes.

    Args:
        chance: when a receiver fails.
        random: how it does.
    """

    def __init__(self, chance: Chance, random: Random) -> None:
        self.happenings: dict[str, list[Happening]] = defaultdict(list)
        self.webhooks: dict[str, Item] = {}
        self._before: dict[str, int] = {}
        self._told: dict[tuple[str, str], int] = {}
        self._waiting: set[tuple[str, str]] = set()
        self._chance, self._random = chance, random

    def watch(self, changes: Sequence[Change]) -> None:
        """Note what has happened, and which webhooks there are.

        Raises:
            ViolationError: a position is left out or used twice.
        """
        for (table, partition, sort), _, after in sorted(changes, key=reading_order):
            if table == TABLES.ledger:
                self._watch_ledger(plain(after or {}))
            elif partition.startswith("W#") and sort.startswith("W#") and after is not None:
                webhook = plain(after)
                self.webhooks[webhook["id"]] = webhook
            elif partition.startswith("W#") and sort.startswith("C#") and after is not None:
                self._watch_checkpoint(plain(after))

    def answer(self, target: Target, headers: Mapping[str, str], body: bytes) -> Answer:
        """Take a message, or fail.

        Raises:
            ViolationError: it is not the one that comes next, nor one that came before.
        """
        if self._chance.strikes(Fault.RECEIVER_FAILS):
            return self._random.choice(_REFUSALS)
        url = f"https://{target.authority}{target.path}"
        # A request that reached two processes has made two webhooks with one address: the signature says whose it is.
        signers = [each for each in self.webhooks.values() if each["url"] == url and _signs(each, headers, body)]
        require("every message is signed", holds=len(signers) == 1, because=(url, headers))
        self._take(signers[0], msgspec.json.decode(body))
        return Answer(204)

    def check_unrefused(self) -> None:
        """See that everybody was told everything, but for those whose receiver has refused it for now.

        Raises:
            ViolationError: somebody was not.
        """
        for id_, slug, missing in self._untold():
            is_refused = self.webhooks[id_]["status"] == "disabled" or (id_, slug) in self._waiting
            require("a lost ring is made up for", holds=is_refused, because=(id_, slug, missing))

    def check(self) -> None:
        """See that everybody was told everything.

        Raises:
            ViolationError: somebody was not.
        """
        for untold in self._untold():
            require("every webhook is told of every event in the end", holds=False, because=untold)

    def _untold(self) -> Iterator[tuple[str, str, int]]:
        """Webhooks and markets, with the position of the event that is missing."""
        for id_, webhook in self.webhooks.items():
            for slug in self.happenings if webhook["market"] is None else [webhook["market"]]:
                start: int = webhook["start"]
                missing = self._next(webhook, slug, self._told.get((id_, slug), start))
                if missing and not self._may_begin_behind(webhook, slug, len(self.happenings[slug])):
                    yield id_, slug, missing

    def _watch_checkpoint(self, checkpoint: Item) -> None:
        place = (checkpoint["webhook"], checkpoint["market"])
        if checkpoint["next_attempt_at"] is None:
            self._waiting.discard(place)
        else:
            self._waiting.add(place)

    def _watch_ledger(self, record: Item) -> None:
        if "postings" in record:
            trade, type_ = record["trade"], "trade"
            if trade is None:
                return
        else:
            trade, type_ = None, record["type"]
            if type_ is None:  # a draft
                return
        slug, number = record["market"], record["revision"] + (trade or record)["version"]
        happenings = self.happenings[slug]
        first = self._before.setdefault(slug, number - 1)
        happenings.append(
            Happening(
                type_,
                trade and trade["id"],
                datetime.fromisoformat(trade["created_at"] if trade else record["occurred_at"]),
            )
        )
        require("every change has the next position", holds=number - first == len(happenings), because=record)

    def _take(self, webhook: Item, message: Mapping[str, Any]) -> None:
        id_, event = webhook["id"], message["data"]
        slug, position = event["market"], event["position"]
        require("nobody is told of another market", holds=webhook["market"] in {None, slug}, because=(id_, event))
        happening = self.happenings[slug][position - 1]
        told = (event["type"], event["data"].get("id"))
        require("a message says what happened", holds=told == (happening.type, happening.trade), because=(id_, event))
        before = self._told.get((id_, slug))
        if before is None:
            begins = self._next(webhook, slug, webhook["start"]) == position
            begins = begins or self._may_begin_behind(webhook, slug, position - 1)
            require("a webhook begins when it is made", holds=begins, because=(id_, event))
        elif position > before:
            following = self._next(webhook, slug, before)
            require("no webhook skips an event", holds=position == following, because=(id_, slug, before, position))
        self._told[id_, slug] = max(position, before or 0)

    def _next(self, webhook: Item, slug: str, after: int) -> int | None:
        """The position of the next event that a webhook is to be told of."""
        for place, happening in enumerate(self.happenings[slug][after:], start=after + 1):
            if webhook["types"] is None or happening.type in webhook["types"]:
                return place
        return None

    def _may_begin_behind(self, webhook: Item, slug: str, position: int) -> bool:
        """Whether a webhook about all markets that was told nothing yet may begin after this position.

        It begins behind an event that is older than it, by the clocks of those who made either.
        """
        if webhook["market"] is not None or (webhook["id"], slug) in self._told:
            return False
        made_at = datetime.fromisoformat(webhook["created_at"])
        wanted = [
            place
            for place, happening in enumerate(self.happenings[slug][:position], start=1)
            if webhook["types"] is None or happening.type in webhook["types"]
        ]
        passed_over = self.happenings[slug][wanted[-1] - 1 if wanted else 0 :]
        return not wanted or any(happening.created_at < made_at for happening in passed_over)


def _signs(webhook: Item, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether the message is signed with the webhook's secret, by the Standard Webhooks specification."""
    key = base64.b64decode(webhook["secret"].removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    signature = base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
    return headers["webhook-signature"] == f"v1,{signature}"
