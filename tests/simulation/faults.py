"""What may go wrong, how often, and what a run is made of."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from random import Random


class Fault(StrEnum):
    """Something that goes wrong, by the name that the command line knows it by."""

    REQUEST_LOST = "request-lost"
    """A request to the store, or to a process, never arrives."""
    ANSWER_LOST = "answer-lost"
    """It is done, and nobody learns of it."""
    SERVER_ERROR = "server-error"
    """The store answers 500: it was done or not."""
    THROTTLED = "throttled"
    """The store is too busy, for a whole request or for some of its keys."""
    CONFLICT = "conflict"
    """A transaction takes its time, and others that touch its items are cancelled meanwhile."""
    LATE = "late"
    """A transaction arrives when whoever sent it has given up waiting for it."""
    SLOW = "slow"
    """A request takes seconds."""
    CRASH_BEFORE = "crash-before"
    """A process dies when it has sent a request to the store."""
    CRASH_AFTER = "crash-after"
    """A process dies when the store has done what it asked, before it learns of it."""
    DUPLICATE_REQUEST = "duplicate-request"
    """A client's request reaches two processes at once."""
    STALE_INDEX = "stale-index"
    """Indexes and eventual reads trail behind."""
    SHORT_PAGE = "short-page"
    """An answer to a query stops early."""
    TORN_READ = "torn-read"
    """A read of several items sees them at two instants."""
    DUPLICATE_RECORD = "duplicate-record"
    """A record of the stream, or a ring, is delivered twice."""
    DELAYED_RECORD = "delayed-record"
    """A record of the stream, or a ring, comes late, so that later ones overtake it."""
    LOST_STREAM = "lost-stream"
    """For a day nothing of the stream is delivered."""
    CLOCK_SKEW = "clock-skew"
    """The processes' clocks are seconds apart."""
    LOST_RING = "lost-ring"
    """A ring for those who look for webhooks is lost, and nobody learns of it: in every other run, and to its end."""
    RECEIVER_FAILS = "receiver-fails"
    """The receiver of a webhook answers an error, asks to be left alone, or does not answer."""


OFTEN = {
    Fault.REQUEST_LOST: 0.03,
    Fault.ANSWER_LOST: 0.03,
    Fault.SERVER_ERROR: 0.02,
    Fault.THROTTLED: 0.04,
    Fault.CONFLICT: 0.5,
    Fault.LATE: 0.12,
    Fault.SLOW: 0.02,
    Fault.CRASH_BEFORE: 0.006,
    Fault.CRASH_AFTER: 0.006,
    Fault.DUPLICATE_REQUEST: 0.1,
    Fault.STALE_INDEX: 0.7,
    Fault.SHORT_PAGE: 0.5,
    Fault.TORN_READ: 0.7,
    Fault.DUPLICATE_RECORD: 0.3,
    Fault.DELAYED_RECORD: 0.4,
    Fault.LOST_STREAM: 0.2,
    Fault.CLOCK_SKEW: 0.7,
    Fault.RECEIVER_FAILS: 0.2,
}
"""How probable each is at most, for each request, record or process; rings are lost by the cluster's own chance."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is made of: the same plan makes the same run, to the last step.

    Args:
        seed: decides everything that chance decides.
        traders: how many people trade.
        steps: how many things each of them does.
        markets: how many markets they trade in.
        without: faults that never happen.
    """

    seed: int
    traders: int = 3
    steps: int = 12
    markets: int = 2
    without: frozenset[Fault] = field(default_factory=frozenset)

    @property
    def is_audited(self) -> bool:
        """Whether the audit walks too: every fifth run, since it reads a lot and changes nothing."""
        return self.seed % 5 == 0

    @property
    def is_followed(self) -> bool:
        """Whether there are webhooks, and readers of events: every third run, since both ask for a lot."""
        return self.seed % 3 == 0

    @property
    def has_appeals(self) -> bool:
        """Whether decisions may be withdrawn for a while: every fifth run, but not those that are audited."""
        return self.seed % 5 == 2

    @property
    def is_crowded(self) -> bool:
        """Whether many orders come at once: every fourth run, in which books have leaders."""
        return self.seed % 4 == 1

    @property
    def has_workers(self) -> bool:
        """Whether few holders are a crowd, which workers settle in lanes: every third run, without readers."""
        return self.seed % 3 == 1

    @property
    def has_two_releases(self) -> bool:
        """Whether a later release takes over meanwhile, is put back and deployed again: every seventh run."""
        return self.seed % 7 == 3

    def command(self) -> str:
        """The command that replays it."""
        default, parts = Plan(self.seed), [f"python -m tests.simulation --seed {self.seed}"]
        parts += [
            f"--{name} {getattr(self, name)}"
            for name in ("traders", "steps", "markets")
            if getattr(self, name) != getattr(default, name)
        ]
        parts += [f"--without {fault}" for fault in sorted(self.without)]
        return " ".join(parts)

    def smaller(self) -> list["Plan"]:
        """Plans of a little less, the greatest savings first."""
        fewer = [replace(self, traders=count) for count in (1, self.traders - 1) if 0 < count < self.traders]
        fewer += [replace(self, markets=count) for count in (1, self.markets - 1) if 0 < count < self.markets]
        fewer += [replace(self, steps=count) for count in (self.steps // 2, self.steps - 1) if 0 < count < self.steps]
        return fewer + [replace(self, without=self.without | {fault}) for fault in Fault if fault not in self.without]


class Chance:
    """Whether something goes wrong this time.

    Args:
        plan: each run has its own frequencies, between never and often.
    """

    def __init__(self, plan: Plan) -> None:
        weather = Random(f"{plan.seed}/weather")
        drawn = {fault: often * weather.choice((0.0, 0.3, 1.0)) for fault, often in OFTEN.items()}
        self._often = {fault: 0.0 if fault in plan.without else often for fault, often in drawn.items()}
        self._random = Random(f"{plan.seed}/faults")
        self.happened = dict.fromkeys(Fault, 0)
        self.is_bad = True

    def strikes(self, fault: Fault) -> bool:
        """Whether this fault happens now; it is counted."""
        often = self._often[fault]
        if not often or self._random.random() >= often:
            return False
        self.happened[fault] += 1
        return True

    def heal(self) -> None:
        """Nothing goes wrong from now on."""
        self._often = dict.fromkeys(Fault, 0.0)
        self.is_bad = False
