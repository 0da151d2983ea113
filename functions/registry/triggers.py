"""What an entry of the registry says: what calls a function, who may call it, what it may touch, and how big it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus
from typing import Literal, NamedTuple

type EventName = Literal[
    "market.published",
    "market.closed",
    "market.reopened",
    "market.clarified",
    "market.resolving",
    "market.withdrawn",
    "market.resolved",
    "market.voided",
    "trade",
]
"""What happens to a published market, as the domain calls it."""

type ScopeName = Literal["read", "trade", "admin", "keys"]
"""What a credential must be good for, as the domain calls it. A person's is good for everything."""


class Access(Enum):
    """Who may call an HTTP function."""

    PUBLIC = "public"
    """Anybody; a credential makes no difference, but a bad one is refused."""
    OPTIONAL = "optional"
    """Anybody; a credential shows more, such as the caller's own drafts."""
    ACCOUNT = "account"
    """A credential is needed."""


class Who(Enum):
    """Whom of those who may call it an HTTP function serves. Everybody else gets 403, or 404 for what they may not see.

    What it takes is known only once the thing asked for has been read, so the use cases see to it; the tests hold each
    of them to what this table says.
    """

    ANYBODY = "anybody"
    ACCOUNT = "account"
    """Every account, for what is its own."""
    CREATOR = "account (creator, if set so)"
    """Every account, or where the instance restricts it those with the role of a creator, and admins."""
    OWNER = "owner"
    """The creator of the market."""
    OWNER_OR_ADMIN = "owner or admin"
    HOLDER_OR_ADMIN = "its owner or admin"
    """The caller whose account, or comment, it is, and admins."""
    ADMIN = "admin"


class Http(NamedTuple):
    """Called by an HTTP request.

    With its access, scope and who, the entries of the functions are the one table of who may do what.

    Args:
        method: the HTTP method; HEAD goes wherever GET does.
        path: with parameters in braces, as API Gateway and OpenAPI write them.
        access: who may call it.
        status: the status of a success.
        summary: what it does, for people.
        tag: where the documentation files it.
        scope: what the credential must be good for, where it is not ``read`` for a GET and ``trade`` for the rest.
        who: whom it serves, where it is not everybody who may call it.
    """

    method: str
    path: str
    access: Access
    status: HTTPStatus
    summary: str
    tag: str
    scope: ScopeName | None = None
    who: Who | None = None

    @property
    def needed_scope(self) -> ScopeName:
        """What the credential must be good for."""
        return self.scope or ("read" if self.method == "GET" else "trade")

    @property
    def serves(self) -> Who:
        """Whom it serves."""
        return self.who or (Who.ACCOUNT if self.access is Access.ACCOUNT else Who.ANYBODY)


class Queue(NamedTuple):
    """Called with batches of messages of a FIFO queue, where rings of one group are to be answered one after the other.

    Lambda asks such a queue for messages all the time, which costs a third of a dollar a month also where there are
    none: see :class:`Invocation`.

    Args:
        name: the doorbell's name.
        events: the events of the ledger that ring here: the subscription that ``dispatch_ledger`` and the embedded
            server read. Without any, only functions whose ``rings`` name the doorbell ring it.
        batch_size: how many messages one call gets at most. Those behind a slow one wait for it, so where a message
            may take minutes there is one.
    """

    name: str
    events: frozenset[EventName] = frozenset()
    batch_size: int = 10

    @property
    def variable(self) -> str:
        """The environment variable in which functions find the queue's address."""
        return f"{_upper(self.name)}_QUEUE_URL"


class Invocation(NamedTuple):
    """Called once for each ring, by whoever rings, who does not wait for the answer. Any number may run at once.

    It costs nothing while nobody rings.

    Args:
        name: the doorbell's name.
        events: as of a :class:`Queue`.
    """

    name: str
    events: frozenset[EventName] = frozenset()

    @property
    def variable(self) -> str:
        """The environment variable in which functions find the name of the function that answers."""
        return f"{_upper(self.name)}_FUNCTION"


def _upper(name: str) -> str:
    return name.upper().replace("-", "_")


class Surface(NamedTuple):
    """Called by every HTTP request below some paths: the way in which programs written for another site ask.

    It adds no use case. What it may touch is what the functions may that it is over.

    Args:
        paths: below which it answers.
        over: the functions whose use cases it calls.
    """

    paths: tuple[str, ...]
    over: frozenset[str]


@dataclass(frozen=True, slots=True)
class Fallback:
    """Called by the HTTP requests that no function is there for: unknown addresses, and other methods of known ones."""


class Authorizer(NamedTuple):
    """Called by the gateway with a request's credential, before the function that the request is for.

    Args:
        cache_seconds: how long the gateway may keep an answer: so long a revoked key may still be good.
        optional_header: the header by which it keeps the answers of functions that need no credential. CloudFront
            makes it of every request: the credential, or ``none``.
    """

    cache_seconds: int = 30
    optional_header: str = "X-Hunch-Credential"


@dataclass(frozen=True, slots=True)
class LedgerStream:
    """Called with batches of the ledger table's new items."""


class Schedule(NamedTuple):
    """Called every so often.

    Args:
        minutes: the time between calls.
    """

    minutes: int


@dataclass(frozen=True, slots=True)
class SignUp:
    """Called by the user pool that the stack makes, when somebody has confirmed their address."""


type Doorbell = Queue | Invocation
"""What has a name to be rung by."""

type Trigger = Http | Surface | Fallback | Authorizer | Doorbell | LedgerStream | Schedule | SignUp


class Profile(Enum):
    """What a function's code bundle holds, so that none carries what it never imports."""

    API = "api"
    """The web framework and the database."""
    EVENT = "event"
    """The database."""
    AUTHORIZER = "authorizer"
    """The database, and what verifies tokens."""


class Function(NamedTuple):
    """One function.

    Args:
        name: of its use case, folder, OpenAPI operation and tests.
        subdomain: whose folder it is in, in every ring.
        trigger: what calls it.
        tables: the DynamoDB item actions it may take, by table.
        rings: the doorbells it may ring.
        secrets: whether it signs or verifies what the instance signs; the secrets are closed to all others.
        writes: the beginnings of the core partitions that it may write, where they are not all but the secrets.
        hints: the item actions that it may take besides, to publish hints where the instance has a place for them; None
            for who publishes none.
        memory_mb: the memory of its Lambda environment. The processor comes with it: what people wait for starts and
            answers three times faster with 1024 than with 512, at about the same price.
        timeout_seconds: the longest it may run; for HTTP below the gateway's 29 seconds.
    """

    name: str
    subdomain: str
    trigger: Trigger
    tables: Mapping[str, frozenset[str]]
    rings: frozenset[str] = frozenset()
    secrets: bool = False
    writes: frozenset[str] | None = None
    hints: Mapping[str, frozenset[str]] | None = None
    memory_mb: int = 1024
    timeout_seconds: int = 25

    @property
    def profile(self) -> Profile:
        """Whose bundle it is deployed from."""
        match self.trigger:
            case Http() | Surface() | Fallback():
                return Profile.API
            case Authorizer():
                return Profile.AUTHORIZER
            case _:
                return Profile.EVENT

    def module(self, name: str) -> str:
        """The dotted path of a module in its folder."""
        ring = "api" if self.profile is Profile.API else "events"
        return f"functions.{ring}.{self.subdomain}.{self.name}.{name}"

    @property
    def counts_callers(self) -> bool:
        """Whether it refuses callers who ask too often. What is the same for everybody, and reads nothing, need not."""
        return isinstance(self.trigger, Http | Surface) and bool(self.tables)

    @property
    def handler(self) -> str:
        """Its entry on Lambda, as a dotted path."""
        return f"{self.module('handler')}.handler"


REQUESTS_PER_MINUTE = 600
"""What an account, or an address without one, may ask of an instance that others can reach, unless it is set."""
ADDRESS_HEADER = "X-Hunch-Address"
"""Where CloudFront says which address a request comes from. What a client puts there CloudFront replaces."""
_MOST_TOGETHER = 10


def counted_together(requests_per_minute: int) -> int:
    """How many requests of a caller a function counts in memory before it notes them in the table of callers.

    A second's worth, but at most ten: so a request costs a tenth of a write, and people mostly none.
    """
    return max(1, min(_MOST_TOGETHER, requests_per_minute // 60))


READ_RECORDS = {"core": frozenset({"BatchGetItem"})}
READ_LEDGER = {"core": frozenset({"BatchGetItem"}), "ledger": frozenset({"Query"})}
READ_LISTS = {"core": frozenset({"BatchGetItem", "Query"})}
CHANGE_RECORDS = {"core": frozenset({"BatchGetItem", "PutItem"})}
REMOVE_RECORDS = {"core": frozenset({"BatchGetItem", "DeleteItem"})}
WRITE_RECORDS = {"core": frozenset({"BatchGetItem", "PutItem"}), "ledger": frozenset({"PutItem"})}

SECRETS = "INSTANCE"
"""The core partition of what signs sessions and invitations."""
HINTS_URL = "HINTS_URL"
"""The environment variable in which functions find where hints are published; without it they publish none."""
SETTLEMENT = "settlement"
"""The doorbell of markets that are decided."""
RECORDS = "records"
"""The doorbell of markets whose results count in the records of their traders."""
PRICE_HISTORY = "price-history"
"""The doorbell of markets that were traded on."""
WEBHOOKS = "webhooks"
"""The doorbell of markets to which something happened, and of webhooks that were enabled."""
WEBHOOK_DELIVERIES = "webhook-deliveries"
"""The doorbell of webhooks that may have something to be told."""
