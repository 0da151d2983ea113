"""What a deployment can be set to: the context of cdk.json, and of ``cdk deploy -c name=value``."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

type Read = Callable[[str], object]

ARCHITECTURES = ("arm64", "x86_64")
LOG_RETENTION_DAYS = (1, 7, 30, 90, 365, 3653)
_SWITCHES = {"true": True, "false": False}


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
        log_retention_days: how long logs are kept.
        starting_grant: the credits of a new account; the functions' own default when it is None.
        oidc_issuer: who signs people in; the stack makes a Cognito pool when it is None.
        oidc_audience: whom the issuer's tokens are for; several are separated by blanks, the page's own first.
        oidc_roles_claim: where its tokens hold groups; the functions know when it is None.
        waf: whether a web application firewall stands before the API, at five dollars a month and more.
        local: for a local endpoint: nothing is kept when it is destroyed, and nothing uploads the pages.
        bundles: the folder of the code bundles.
        pages: the folder of the built pages.
    """

    name: str = "hunch"
    architecture: str = "arm64"
    domain: str | None = None
    certificate: str | None = None
    private_reads: bool = False
    creators_only: bool = False
    log_retention_days: int = 30
    starting_grant: str | None = None
    oidc_issuer: str | None = None
    oidc_audience: str | None = None
    oidc_roles_claim: str | None = None
    waf: bool = False
    local: bool = False
    bundles: Path = Path("build/bundles")
    pages: Path = Path("web/dist")

    @classmethod
    def from_context(cls, read: Read) -> Self:
        """The options that a context has; what it leaves out, or empty, is as above.

        Args:
            read: gives the context's value for a name, or None.

        Raises:
            InvalidOptionError: a value is not what the option takes, or one is missing beside another.
        """
        context, default = _Context(read), cls()
        options = cls(
            name=context.text("name") or default.name,
            architecture=context.text("architecture") or default.architecture,
            domain=context.text("domain"),
            certificate=context.text("certificate"),
            private_reads=context.switch("privateReads"),
            creators_only=context.switch("creatorsOnly"),
            log_retention_days=context.number("logRetentionDays", default.log_retention_days),
            starting_grant=context.text("startingGrant"),
            oidc_issuer=context.text("oidcIssuer"),
            oidc_audience=context.text("oidcAudience"),
            oidc_roles_claim=context.text("oidcRolesClaim"),
            waf=context.switch("waf"),
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
            raise InvalidOptionError(f"logRetentionDays takes one of {', '.join(map(str, LOG_RETENTION_DAYS))}.")
        if (self.domain is None) != (self.certificate is None):
            raise InvalidOptionError("domain and certificate belong together: give both, or neither.")
        if (self.oidc_issuer is None) != (self.oidc_audience is None):
            raise InvalidOptionError("oidcIssuer and oidcAudience belong together: give both, or neither.")
        if self.oidc_issuer is not None and not self.oidc_issuer.startswith("https://"):
            raise InvalidOptionError(f"oidcIssuer takes an https address, not {self.oidc_issuer!r}.")


class _Context:
    """The context, read as the types that options have; the command line gives text for all of them."""

    def __init__(self, read: Read) -> None:
        self._read = read

    def text(self, name: str) -> str | None:
        value = self._read(name)
        return None if value is None else str(value).strip() or None

    def number(self, name: str, default: int) -> int:
        text = self.text(name) or str(default)
        if not text.isdecimal():
            raise InvalidOptionError(f"{name} takes a number, not {text!r}.")
        return int(text)

    def switch(self, name: str) -> bool:
        text = (self.text(name) or "false").lower()
        if text not in _SWITCHES:
            raise InvalidOptionError(f"{name} takes true or false, not {text!r}.")
        return _SWITCHES[text]
