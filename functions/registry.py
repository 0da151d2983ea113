"""The one list of functions: what each is called by, who may call it, what it may touch, and how big it is.

The servers, the containers, the infrastructure and the tests all read it; it imports nothing of ours. Adding a
function is adding an entry here and the folder of its name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus
from typing import Literal

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
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Http:
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


@dataclass(frozen=True, slots=True)
class Queue:
    """Called with batches of messages of a FIFO queue.

    Args:
        name: the queue's name.
        delay_seconds: how long each message waits, so that others may come to be answered with it.
    """

    name: str
    delay_seconds: int = 0


@dataclass(frozen=True, slots=True)
class Fallback:
    """Called by the HTTP requests that no function is there for: unknown addresses, and other methods of known ones."""


@dataclass(frozen=True, slots=True)
class Authorizer:
    """Called by the gateway with a request's credential, before the function that the request is for.

    Args:
        cache_seconds: how long the gateway may keep an answer: so long a revoked key may still be good.
    """

    cache_seconds: int = 30


@dataclass(frozen=True, slots=True)
class LedgerStream:
    """Called with batches of the ledger table's new items."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Called every so often.

    Args:
        minutes: the time between calls.
    """

    minutes: int


@dataclass(frozen=True, slots=True)
class SignUp:
    """Called by the user pool that the stack makes, when somebody has confirmed their address."""


type Trigger = Http | Fallback | Authorizer | Queue | LedgerStream | Schedule | SignUp


class Profile(Enum):
    """What a function's code bundle holds, so that none carries what it never imports."""

    API = "api"
    """The web framework and the database."""
    EVENT = "event"
    """The database."""
    AUTHORIZER = "authorizer"
    """The database, and what verifies tokens."""


@dataclass(frozen=True, slots=True)
class Function:
    """One function.

    Args:
        name: of its use case, folder, container entry, OpenAPI operation and tests.
        trigger: what calls it.
        tables: the DynamoDB item actions it may take, by table.
        rings: the queues it may send to.
        memory_mb: the memory of its Lambda environment.
        timeout_seconds: the longest it may run; for HTTP below the gateway's 29 seconds.
    """

    name: str
    trigger: Trigger
    tables: Mapping[str, frozenset[str]]
    rings: frozenset[str] = frozenset()
    memory_mb: int = 512
    timeout_seconds: int = 25

    @property
    def profile(self) -> Profile:
        """Whose bundle it is deployed from."""
        match self.trigger:
            case Http() | Fallback():
                return Profile.API
            case Authorizer():
                return Profile.AUTHORIZER
            case _:
                return Profile.EVENT

    @property
    def handler(self) -> str:
        """Its entry on Lambda, as a dotted path."""
        folder = "api" if self.profile is Profile.API else "events"
        return f"functions.{folder}.{self.name}.handler.handler"


_READ_RECORDS = {"core": frozenset({"BatchGetItem"})}
_READ_LISTS = {"core": frozenset({"BatchGetItem", "Query"})}
_REMOVE_RECORDS = {"core": frozenset({"BatchGetItem", "DeleteItem"})}
_WRITE_RECORDS = {"core": frozenset({"BatchGetItem", "PutItem"}), "ledger": frozenset({"PutItem"})}

SETTLEMENT = "settlement"
"""The queue of rings for markets that are decided."""
PRICE_HISTORY = "price-history"
"""The queue of rings for markets that were traded on."""

_ACCOUNTS, _MARKETS, _TRADING, _ADMISSION, _INSTANCE = "Accounts", "Markets", "Trading", "Admission", "Instance"

FUNCTIONS: tuple[Function, ...] = (
    Function(
        "open_account",
        Http("POST", "/v1/accounts", Access.ACCOUNT, HTTPStatus.CREATED, "Open my account", _ACCOUNTS),
        _WRITE_RECORDS,
    ),
    Function(
        "get_portfolio",
        Http("GET", "/v1/portfolio", Access.ACCOUNT, HTTPStatus.OK, "Read my balance and what I hold", _ACCOUNTS),
        _READ_LISTS,
    ),
    Function(
        "list_my_trades",
        Http("GET", "/v1/portfolio/trades", Access.ACCOUNT, HTTPStatus.OK, "List my trades", _ACCOUNTS),
        {"core": frozenset({"BatchGetItem"}), "ledger": frozenset({"Query"})},
    ),
    Function(
        "list_journal",
        Http("GET", "/v1/portfolio/journal", Access.ACCOUNT, HTTPStatus.OK, "List how my money moved", _ACCOUNTS),
        {"core": frozenset({"BatchGetItem"}), "ledger": frozenset({"Query"})},
    ),
    Function(
        "grant_credits",
        Http(
            "POST",
            "/v1/accounts/{account}/grants",
            Access.ACCOUNT,
            HTTPStatus.CREATED,
            "Grant credits",
            _ACCOUNTS,
            "admin",
            Who.ADMIN,
        ),
        _WRITE_RECORDS,
    ),
    Function(
        "create_market",
        Http("POST", "/v1/markets", Access.ACCOUNT, HTTPStatus.CREATED, "Draft a market", _MARKETS, who=Who.CREATOR),
        _WRITE_RECORDS,
    ),
    Function(
        "list_markets",
        Http("GET", "/v1/markets", Access.OPTIONAL, HTTPStatus.OK, "List markets, newest first", _MARKETS),
        _READ_LISTS,
    ),
    Function(
        "get_market",
        Http("GET", "/v1/markets/{slug}", Access.OPTIONAL, HTTPStatus.OK, "Read a market", _MARKETS),
        _READ_RECORDS,
    ),
    Function(
        "publish_market",
        Http(
            "POST",
            "/v1/markets/{slug}/publish",
            Access.ACCOUNT,
            HTTPStatus.OK,
            "Pay the subsidy and open it",
            _MARKETS,
            who=Who.OWNER,
        ),
        _WRITE_RECORDS,
    ),
    Function(
        "edit_market",
        Http("PATCH", "/v1/markets/{slug}", Access.ACCOUNT, HTTPStatus.OK, "Edit a draft", _MARKETS, who=Who.OWNER),
        {"core": frozenset({"BatchGetItem", "PutItem"})},
    ),
    Function(
        "close_market",
        Http(
            "POST",
            "/v1/markets/{slug}/close",
            Access.ACCOUNT,
            HTTPStatus.OK,
            "Take no more orders",
            _MARKETS,
            who=Who.OWNER_OR_ADMIN,
        ),
        _WRITE_RECORDS,
    ),
    Function(
        "reopen_market",
        Http(
            "POST",
            "/v1/markets/{slug}/reopen",
            Access.ACCOUNT,
            HTTPStatus.OK,
            "Take orders again",
            _MARKETS,
            who=Who.OWNER_OR_ADMIN,
        ),
        _WRITE_RECORDS,
    ),
    Function(
        "void_market",
        Http(
            "POST",
            "/v1/markets/{slug}/void",
            Access.ACCOUNT,
            HTTPStatus.ACCEPTED,
            "Call it off",
            _MARKETS,
            "admin",
            Who.ADMIN,
        ),
        _WRITE_RECORDS,
    ),
    Function(
        "resolve_market",
        Http(
            "POST",
            "/v1/markets/{slug}/resolve",
            Access.ACCOUNT,
            HTTPStatus.ACCEPTED,
            "Decide the outcome",
            _MARKETS,
            who=Who.OWNER_OR_ADMIN,
        ),
        _WRITE_RECORDS,
    ),
    Function(
        "list_trades",
        Http("GET", "/v1/markets/{slug}/trades", Access.OPTIONAL, HTTPStatus.OK, "List its trades", _MARKETS),
        {"core": frozenset({"BatchGetItem"}), "ledger": frozenset({"Query"})},
    ),
    Function(
        "list_holders",
        Http("GET", "/v1/markets/{slug}/holders", Access.OPTIONAL, HTTPStatus.OK, "List who holds shares", _MARKETS),
        _READ_LISTS,
    ),
    Function(
        "list_prices",
        Http("GET", "/v1/markets/{slug}/prices", Access.OPTIONAL, HTTPStatus.OK, "Read its price history", _MARKETS),
        _READ_LISTS,
        rings=frozenset({PRICE_HISTORY}),
    ),
    Function(
        "quote",
        Http("POST", "/v1/markets/{slug}/quotes", Access.OPTIONAL, HTTPStatus.OK, "Price an order", _TRADING, "read"),
        _READ_RECORDS,
    ),
    Function(
        "place_order",
        Http("POST", "/v1/markets/{slug}/orders", Access.ACCOUNT, HTTPStatus.CREATED, "Buy or sell", _TRADING),
        _WRITE_RECORDS,
    ),
    Function(
        "get_order",
        Http("GET", "/v1/orders/{id}", Access.ACCOUNT, HTTPStatus.OK, "Read an order of mine", _TRADING),
        _READ_RECORDS,
    ),
    Function(
        "get_health",
        Http("GET", "/v1/health", Access.PUBLIC, HTTPStatus.OK, "Say that it works", _INSTANCE),
        {},
    ),
    Function(
        "get_openapi",
        Http("GET", "/v1/openapi.json", Access.PUBLIC, HTTPStatus.OK, "Read what the API offers", _INSTANCE),
        {},
    ),
    Function(
        "get_audit",
        Http("GET", "/v1/audit", Access.OPTIONAL, HTTPStatus.OK, "See that the books balance", _INSTANCE),
        _READ_RECORDS,
    ),
    Function(
        "create_api_key",
        Http("POST", "/v1/api-keys", Access.ACCOUNT, HTTPStatus.CREATED, "Make a bot key", _ADMISSION, "keys"),
        {"core": frozenset({"BatchGetItem", "PutItem"})},
    ),
    Function(
        "list_api_keys",
        Http("GET", "/v1/api-keys", Access.ACCOUNT, HTTPStatus.OK, "List my bot keys", _ADMISSION),
        _READ_LISTS,
    ),
    Function(
        "revoke_api_key",
        Http(
            "DELETE", "/v1/api-keys/{id}", Access.ACCOUNT, HTTPStatus.NO_CONTENT, "Revoke a bot key", _ADMISSION, "keys"
        ),
        _REMOVE_RECORDS,
    ),
    Function(
        "create_invitation",
        Http(
            "POST",
            "/v1/invitations",
            Access.ACCOUNT,
            HTTPStatus.CREATED,
            "Invite people",
            _ADMISSION,
            "admin",
            Who.ADMIN,
        ),
        {"core": frozenset({"BatchGetItem", "PutItem"})},
    ),
    Function(
        "list_invitations",
        Http(
            "GET", "/v1/invitations", Access.ACCOUNT, HTTPStatus.OK, "List invitations", _ADMISSION, "admin", Who.ADMIN
        ),
        {"core": frozenset({"BatchGetItem", "Query", "PutItem"})},
    ),
    Function(
        "revoke_invitation",
        Http(
            "DELETE",
            "/v1/invitations/{id}",
            Access.ACCOUNT,
            HTTPStatus.NO_CONTENT,
            "Revoke an invitation",
            _ADMISSION,
            "admin",
            Who.ADMIN,
        ),
        _REMOVE_RECORDS,
    ),
    Function(
        "accept_invitation",
        Http(
            "POST",
            "/v1/invitations/accept",
            Access.PUBLIC,
            HTTPStatus.CREATED,
            "Open an account by an invitation",
            _ADMISSION,
        ),
        _WRITE_RECORDS,
    ),
    Function("fallback", Fallback(), {}),
    Function("authorize", Authorizer(), {"core": frozenset({"BatchGetItem", "PutItem"})}, timeout_seconds=10),
    Function("dispatch_ledger", LedgerStream(), {}, rings=frozenset({SETTLEMENT, PRICE_HISTORY}), timeout_seconds=30),
    Function("welcome_user", SignUp(), _WRITE_RECORDS, timeout_seconds=5),
    Function(
        "settle_positions",
        Queue(SETTLEMENT),
        {
            "core": frozenset({"BatchGetItem", "Query", "PutItem", "DeleteItem"}),
            "ledger": frozenset({"PutItem"}),
        },
        memory_mb=1024,
        timeout_seconds=300,
    ),
    Function(
        "project_price_history",
        Queue(PRICE_HISTORY, delay_seconds=5),
        {"core": frozenset({"BatchGetItem", "PutItem"}), "ledger": frozenset({"Query"})},
        timeout_seconds=60,
    ),
    Function(
        "audit_ledger",
        Schedule(minutes=6 * 60),
        {"core": frozenset({"BatchGetItem", "Scan", "PutItem"}), "ledger": frozenset({"Query"})},
        memory_mb=1024,
        timeout_seconds=300,
    ),
    Function(
        "close_expired_markets",
        Schedule(minutes=1),
        {"core": frozenset({"BatchGetItem", "Query", "PutItem"}), "ledger": frozenset({"PutItem"})},
        timeout_seconds=50,
    ),
    Function(
        "ring_stale",
        Schedule(minutes=1),
        {"core": frozenset({"Query"})},
        rings=frozenset({SETTLEMENT}),
        timeout_seconds=50,
    ),
)

HTTP_TRIGGERS: Mapping[str, Http] = {
    function.name: function.trigger for function in FUNCTIONS if isinstance(function.trigger, Http)
}
"""The HTTP functions' triggers, by name."""
