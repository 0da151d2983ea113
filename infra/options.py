"""What a deployment can be set to: the context of cdk.json, and of ``cdk deploy -c name=value``."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from pathlib import Path
from typing import Self

from functions.registry import REQUESTS_PER_MINUTE, Profile
from infra.limits import Limits

type Context = Mapping[str, object]

ARCHITECTURES = ("arm64", "x86_64")
RESOLVERS = ("creator", "admin")
PUSHES = ("none", "appsync")
LOG_RETENTION_DAYS = (1, 7, 30, 90, 365, 3653)
_SWITCHES = {"true": True, "false": False}
_NOT_IN_SIGN_IN_ADDRESSES = ("amazon", "aws", "cognito")
_MOST_CREDITS = 1_000_000_000
_MOST = 999_999
_BOUNDS = (
    "requests_per_minute",
    "reads_per_second",
    "quotes_per_second",
    "orders_per_second",
    "others_per_second",
    "table_read_units",
    "table_write_units",
)


class InvalidOptionError(ValueError):
    """An option has a value that it cannot have; the message names it and says what it takes."""


@dataclass(frozen=True, slots=True)
class Options:
    """The options of a deployment, each under the name that the context has for it, in camel case.

    Args:
        name: of the stack, and the beginning of its functions' names.
        architecture: of the functions: arm64, or x86_64 as local endpoints on such machines need it.
        domain: where people reach it, such as hunch.example; CloudFront's own name when it is None.
        certificate: the ARN of the domain's certificate, in us-east-1.
        private_reads: whether nothing can be read without a credential.
        creators_only: whether only creators and admins may create markets.
        resolve_open: who resolves a market that still takes orders: its creator too, or an admin alone.
        appeal_minutes: how long a decision may be withdrawn before anything is paid.
        manifold: whether programs that were written for Manifold are answered.
        metaculus: the same for Metaculus.
        log_retention_days: how long logs are kept.
        starting_grant: the credits of a new account; the functions' own default when it is None.
        oidc_issuer: who signs people in; the stack makes a Cognito pool when it is None.
        oidc_audience: whom the issuer's tokens are for; several are separated by blanks, the page's own first.
        oidc_roles_claim: where its tokens hold groups; the functions know when it is None.
        oidc_admin_group: the group whose members are admins; ``admin`` when it is None.
        oidc_creator_group: the same for creators.
        hsts_subdomains: whether browsers shall reach the domain's subdomains by https only, too, for a year.
        waf: whether a web application firewall stands before the API, at five dollars a month and more.
        protect: whether the tables and the user pool refuse to be deleted. Off for the first deploy, which could not
            take away what it made if it failed; on from the second.
        requests_per_minute: of each account, and of each address that sends no credential.
        reads_per_second: of each method that reads; see infra/limits.py, also for the next three.
        quotes_per_second: of quotes.
        orders_per_second: of orders.
        others_per_second: of each other method.
        table_read_units: what each table reads in a second at most.
        table_write_units: what each table writes in a second at most.
        monthly_budget: the dollars a month, of the whole account, at which the topic of the alarms is told; 0 for none.
        mail_from: the address from which the user pool writes to people, verified in SES; without one Cognito writes
            itself, at most fifty mails a day.
        dashboard: whether there is one, at three dollars a month.
        push: how open pages hear of what happens before they ask: ``appsync``, or not at all.
        snap_start: whether the busiest functions start from snapshots, at some ten dollars a month.
        core_table: the name of a table to adopt instead of making one, as after a restore.
        ledger_table: the same for the ledger.
        ledger_stream: the ARN of the adopted ledger's stream.
        local: for a local endpoint: nothing is kept when it is destroyed, and infra/pages.py uploads the pages.
        bundles: the folder of the code bundles.
        pages: the folder of the built pages.
    """

    name: str = "hunch"
    architecture: str = "arm64"
    domain: str | None = None
    certificate: str | None = None
    private_reads: bool = False
    creators_only: bool = False
    resolve_open: str = RESOLVERS[0]
    appeal_minutes: int = 0
    manifold: bool = True
    metaculus: bool = True
    log_retention_days: int = 30
    starting_grant: str | None = None
    oidc_issuer: str | None = None
    oidc_audience: str | None = None
    oidc_roles_claim: str | None = None
    oidc_admin_group: str | None = None
    oidc_creator_group: str | None = None
    hsts_subdomains: bool = False
    waf: bool = False
    protect: bool = False
    requests_per_minute: int = REQUESTS_PER_MINUTE
    reads_per_second: int = 200
    quotes_per_second: int = 100
    orders_per_second: int = 50
    others_per_second: int = 10
    table_read_units: int = 2000
    table_write_units: int = 1000
    monthly_budget: int = 25
    mail_from: str | None = None
    dashboard: bool = False
    push: str = PUSHES[0]
    snap_start: bool = False
    core_table: str | None = None
    ledger_table: str | None = None
    ledger_stream: str | None = None
    local: bool = False
    bundles: Path = Path("build/bundles")
    pages: Path = Path("web/dist")

    @property
    def limits(self) -> Limits:
        """The requests a second of each method."""
        return Limits(self.reads_per_second, self.quotes_per_second, self.orders_per_second, self.others_per_second)

    @property
    def namespace(self) -> str:
        """Of the functions' own metrics."""
        return f"Hunch/{self.name}"

    @classmethod
    def from_context(cls, given: Context) -> Self:
        """The options that a context has; what it leaves out, or empty, is as above.

        Args:
            given: the context, in which CDK has entries of its own.

        Raises:
            InvalidOptionError: a value is not what the option takes, one is missing beside another, or there is no such
                option.
        """
        _refuse_unknown(given)
        context, default = _Context(given), cls()
        options = cls(
            name=context.text("name") or default.name,
            architecture=context.text("architecture") or default.architecture,
            domain=context.text("domain"),
            certificate=context.text("certificate"),
            private_reads=context.switch("privateReads"),
            creators_only=context.switch("creatorsOnly"),
            resolve_open=context.text("resolveOpen") or default.resolve_open,
            appeal_minutes=context.number("appealMinutes", default.appeal_minutes),
            manifold=context.switch("manifold", default.manifold),
            metaculus=context.switch("metaculus", default.metaculus),
            log_retention_days=context.number("logRetentionDays", default.log_retention_days),
            starting_grant=context.text("startingGrant"),
            oidc_issuer=context.text("oidcIssuer"),
            oidc_audience=context.text("oidcAudience"),
            oidc_roles_claim=context.text("oidcRolesClaim"),
            oidc_admin_group=context.text("oidcAdminGroup"),
            oidc_creator_group=context.text("oidcCreatorGroup"),
            hsts_subdomains=context.switch("hstsSubdomains"),
            waf=context.switch("waf"),
            protect=context.switch("protect"),
            requests_per_minute=context.number("requestsPerMinute", default.requests_per_minute),
            reads_per_second=context.number("readsPerSecond", default.reads_per_second),
            quotes_per_second=context.number("quotesPerSecond", default.quotes_per_second),
            orders_per_second=context.number("ordersPerSecond", default.orders_per_second),
            others_per_second=context.number("othersPerSecond", default.others_per_second),
            table_read_units=context.number("tableReadUnits", default.table_read_units),
            table_write_units=context.number("tableWriteUnits", default.table_write_units),
            monthly_budget=context.number("monthlyBudget", default.monthly_budget),
            mail_from=context.text("mailFrom"),
            dashboard=context.switch("dashboard"),
            push=context.text("push") or default.push,
            snap_start=context.switch("snapStart"),
            core_table=context.text("coreTable"),
            ledger_table=context.text("ledgerTable"),
            ledger_stream=context.text("ledgerStream"),
            local=context.switch("local"),
            bundles=Path(context.text("bundles") or default.bundles),
            pages=Path(context.text("pages") or default.pages),
        )
        options.check()
        return options

    def check(self) -> None:
        """Refuse what cannot be deployed.

        Raises:
            InvalidOptionError: as :meth:`from_context`.
        """
        if not re.fullmatch(r"[a-z][a-z0-9-]{0,29}", self.name):
            raise InvalidOptionError(f"name takes up to 30 small letters, digits and hyphens, not {self.name!r}.")
        if self.architecture not in ARCHITECTURES:
            raise InvalidOptionError(f"architecture takes arm64 or x86_64, not {self.architecture!r}.")
        if self.log_retention_days not in LOG_RETENTION_DAYS:
            days = ", ".join(map(str, LOG_RETENTION_DAYS))
            raise InvalidOptionError(f"logRetentionDays takes one of {days}, not {self.log_retention_days}.")
        if self.starting_grant is not None and not _is_credits(self.starting_grant):
            raise InvalidOptionError(
                f"startingGrant takes an amount of credits such as 1000 or 0.5, not {self.starting_grant!r}."
            )
        self._check_bounds()
        self._check_rules()
        self._check_push()
        self._check_domain()
        self._check_issuer()
        self._check_adopted()

    def _check_bounds(self) -> None:
        for name in _BOUNDS:
            if getattr(self, name) < 1:
                raise InvalidOptionError(f"{_option_name(name)} takes a number from 1, not {getattr(self, name)}.")
        if self.mail_from is not None and not re.fullmatch(r"[^@\s<>]+@([a-z0-9-]+\.)+[a-z]{2,}", self.mail_from):
            raise InvalidOptionError(f"mailFrom takes an address such as hunch@example.org, not {self.mail_from!r}.")

    def _check_rules(self) -> None:
        if self.resolve_open not in RESOLVERS:
            raise InvalidOptionError(f"resolveOpen takes {' or '.join(RESOLVERS)}, not {self.resolve_open!r}.")
        for name in ("appeal_minutes", "requests_per_minute"):
            if getattr(self, name) > _MOST:
                raise InvalidOptionError(
                    f"{_option_name(name)} takes a number up to {_MOST}, not {getattr(self, name)}."
                )

    def _check_push(self) -> None:
        if self.push not in PUSHES:
            raise InvalidOptionError(f"push takes {' or '.join(PUSHES)}, not {self.push!r}.")
        if self.push != PUSHES[0] and self.local:
            raise InvalidOptionError(f"push takes {PUSHES[0]} beside local: no local endpoint has AppSync Events.")

    @property
    def pushes(self) -> bool:
        """Whether open pages hear of what happens before they ask."""
        return self.push != PUSHES[0]

    def _check_adopted(self) -> None:
        """Both tables, and the stream that is this ledger's: another's would ring for markets that are not here."""
        given = (self.core_table, self.ledger_table, self.ledger_stream)
        if any(given) and not all(given):
            raise InvalidOptionError("coreTable, ledgerTable and ledgerStream belong together: give all, or none.")
        for option, table in (("coreTable", self.core_table), ("ledgerTable", self.ledger_table)):
            if table is not None and not re.fullmatch(r"[a-zA-Z0-9_.-]{3,255}", table):
                raise InvalidOptionError(f"{option} takes a table's name, not {table!r}.")
        pattern = (
            rf"arn:aws:dynamodb:[a-z0-9-]+:[0-9]{{12}}:table/{re.escape(self.ledger_table or '')}/stream/[0-9T:.-]+"
        )
        if self.ledger_stream is not None and not re.fullmatch(pattern, self.ledger_stream):
            raise InvalidOptionError(
                f"ledgerStream takes the ARN of {self.ledger_table}'s stream, as describe-table's LatestStreamArn has "
                f"it, not {self.ledger_stream!r}."
            )

    def _check_domain(self) -> None:
        if (self.domain is None) != (self.certificate is None):
            raise InvalidOptionError("domain and certificate belong together: give both, or neither.")
        if self.domain is not None and not re.fullmatch(r"([a-z0-9-]+\.)+[a-z][a-z0-9-]+", self.domain):
            raise InvalidOptionError(f"domain takes a host's name such as hunch.example, not {self.domain!r}.")
        # CloudFront looks for certificates there and nowhere else.
        if self.certificate is not None and not re.fullmatch(
            r"arn:aws:acm:us-east-1:[0-9]{12}:certificate/\S+", self.certificate
        ):
            raise InvalidOptionError(
                "certificate takes the ARN of one in us-east-1, such as "
                f"arn:aws:acm:us-east-1:123456789012:certificate/…, not {self.certificate!r}."
            )

    def _check_issuer(self) -> None:
        if (self.oidc_issuer is None) != (self.oidc_audience is None):
            raise InvalidOptionError("oidcIssuer and oidcAudience belong together: give both, or neither.")
        if self.oidc_issuer is not None and not re.fullmatch(r"https://[^/?#@\s]+(/[^?#@\s]*)?", self.oidc_issuer):
            raise InvalidOptionError(
                f"oidcIssuer takes an https address as it is in the tokens' iss, not {self.oidc_issuer!r}."
            )
        for name in ("oidc_roles_claim", "oidc_admin_group", "oidc_creator_group"):
            if self.oidc_issuer is None and getattr(self, name):
                raise InvalidOptionError(
                    f"{_option_name(name)} belongs to an oidcIssuer; the pool that the stack makes has its own."
                )
        if self.oidc_issuer is None and any(word in self.name for word in _NOT_IN_SIGN_IN_ADDRESSES):
            raise InvalidOptionError(
                f"name is part of the sign-in page's address, where Amazon allows none of "
                f"{', '.join(_NOT_IN_SIGN_IN_ADDRESSES)}: take another than {self.name!r}."
            )

    def bundle(self, profile: Profile) -> Path:
        """Where the code bundle of a profile is."""
        return self.bundles / f"{profile.value}-{self.architecture}.zip"

    def find_built(self) -> None:
        """Refuse to go on without what ``make`` has to build first.

        Raises:
            InvalidOptionError: it is not there.
        """
        for profile in Profile:
            if not self.bundle(profile).is_file():
                raise InvalidOptionError(
                    f"{self.bundle(profile)} is not there: `make bundles ARCHITECTURE={self.architecture}` builds it."
                )
        if not self.local and not (self.pages / "index.html").is_file():
            raise InvalidOptionError(f"{self.pages} holds no page: `make web` builds it.")


def _is_credits(text: str) -> bool:
    """Whether the functions, which check it too, would start with it."""
    return bool(re.fullmatch(r"[0-9]{1,10}(\.[0-9]{1,6})?", text, re.ASCII)) and Decimal(text) <= _MOST_CREDITS


def _refuse_unknown(context: Context) -> None:
    """A misspelt option would be none: an instance that is meant to be private, say, would be public.

    CDK's own names have signs in them; those of options are letters.
    """
    known = sorted(_option_names())
    for name in context:
        if name.isalpha() and name not in known:
            raise InvalidOptionError(f"{name} is no option; there are {', '.join(known)}.")


def _option_names() -> Iterator[str]:
    return (_option_name(field.name) for field in fields(Options))


def _option_name(field: str) -> str:
    """The name that the context has for a field: in camel case."""
    first, *others = field.split("_")
    return first + "".join(word.capitalize() for word in others)


class _Context:
    """The context, read as the types that options have; the command line gives text for all of them."""

    def __init__(self, given: Context) -> None:
        self._given = given

    def text(self, name: str) -> str | None:
        value = self._given.get(name)
        return None if value is None else str(value).strip() or None

    def number(self, name: str, default: int) -> int:
        text = self.text(name) or str(default)
        if not text.isdecimal():
            raise InvalidOptionError(f"{name} takes a number, not {text!r}.")
        return int(text)

    def switch(self, name: str, default: bool = False) -> bool:  # noqa: FBT001, FBT002 -- as the others have it
        text = (self.text(name) or str(default)).lower()
        if text not in _SWITCHES:
            raise InvalidOptionError(f"{name} takes true or false, not {text!r}.")
        return _SWITCHES[text]
