"""What an instance can be set to, with defaults that suit most."""

import re
from collections.abc import Mapping
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import NamedTuple, Self
from urllib.parse import urlsplit

from domain.model.kernel.money import BALANCE_LIMIT, MICROS, Money
from domain.model.kernel.notation import parse_micros

DEFAULT_STARTING_GRANT = Money(1000 * MICROS)
LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
_PREFIX = "HUNCH_"
_MEGABYTE = 1_000_000
# The path is of plain names, which every proxy and every browser leaves as they are.
_PUBLIC_URL = re.compile(r"https?://[^/?#@\s]+(/(?=[a-z0-9])[a-z0-9._~-]+)*/?", re.ASCII | re.IGNORECASE)
_HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9_-]*[a-z0-9])?)*", re.ASCII)
_COGNITO = re.compile(r"cognito-idp\.[a-z0-9-]+\.amazonaws\.com(\.cn)?", re.ASCII)


class InvalidSettingError(ValueError):
    """A setting has a value that it cannot have; the message names it and says what it takes."""


class OidcSettings(NamedTuple):
    """The issuer whose tokens count, and what they say.

    Args:
        issuer: the ``iss`` of its tokens; its keys are found at ``<issuer>/.well-known/openid-configuration``.
        audiences: whom a token has to be for: one of these is its ``aud``, or where it has none its ``client_id``. The
            first is what the issuer calls the page.
        roles_claim: the claim that lists the subject's groups.
        admin_group: the group whose members are admins.
        creator_group: the group whose members are creators.
    """

    issuer: str
    audiences: tuple[str, ...]
    roles_claim: str = "groups"
    admin_group: str = "admin"
    creator_group: str = "creator"


class Settings(NamedTuple):
    """The settings of an instance.

    Args:
        starting_grant: what a new account holds.
        oidc: whose tokens count; None for nobody's.
        creators_only: whether only creators and admins may create markets.
        is_private: whether nothing can be read without signing in.
        public_url: where people reach the instance, perhaps below a path, without a slash at its end; None where it is
            its own address.
        hosts: other names by which people reach one machine, in lower case.
        requests_per_minute: what an account, or an address without one, may ask of one machine; None for the default,
            0 for any number.
        trusted_proxies: where the proxies are whose word for a client's address counts.
        appeal: how long a decision may be withdrawn before anything is paid.
        admins_resolve_open: whether only admins resolve a market that still takes orders.
        webhooks_to_private: whether webhooks may call http and private addresses.
        database_limit: how large the file of one machine may grow, in bytes; None for any size.
        manifold: whether programs that were written for Manifold are answered.
        metaculus: the same for Metaculus.
    """

    starting_grant: Money = DEFAULT_STARTING_GRANT
    oidc: OidcSettings | None = None
    creators_only: bool = False
    is_private: bool = False
    public_url: str | None = None
    hosts: frozenset[str] = frozenset()
    requests_per_minute: int | None = None
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    appeal: timedelta = timedelta()
    admins_resolve_open: bool = False
    webhooks_to_private: bool = False
    database_limit: int | None = None
    manifold: bool = True
    metaculus: bool = True

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """The settings that the environment names, ``HUNCH_STARTING_GRANT`` among them; an empty one is not set.

        Raises:
            InvalidSettingError: a value is not what the setting takes.
        """
        given = {
            name.removeprefix(_PREFIX): value
            for name, value in environment.items()
            if name.startswith(_PREFIX) and value
        }
        grant, public_url, requests = (given.get(name) for name in ("STARTING_GRANT", "PUBLIC_URL", "RATE_LIMIT"))
        appeal, limit = given.get("APPEAL_MINUTES", "0"), given.get("DATABASE_LIMIT")
        return cls(
            starting_grant=_credits("STARTING_GRANT", grant) if grant else DEFAULT_STARTING_GRANT,
            oidc=_oidc(given),
            creators_only=_switch(given, "CREATORS_ONLY"),
            is_private=_switch(given, "PRIVATE"),
            public_url=read_public_url(f"{_PREFIX}PUBLIC_URL", public_url) if public_url else None,
            hosts=_hosts(given.get("HOSTS", "")),
            requests_per_minute=_number("RATE_LIMIT", requests, "requests a minute such as 600") if requests else None,
            trusted_proxies=_networks("TRUSTED_PROXIES", given.get("TRUSTED_PROXIES", "")),
            appeal=timedelta(minutes=_number("APPEAL_MINUTES", appeal, "minutes such as 1440")),
            admins_resolve_open=_choice(given, "RESOLVE_OPEN", ("creator", "admin")) == "admin",
            webhooks_to_private=_switch(given, "WEBHOOKS_TO_PRIVATE"),
            database_limit=_number("DATABASE_LIMIT", limit, "megabytes such as 2000") * _MEGABYTE if limit else None,
            manifold=_switch(given, "MANIFOLD", default="true"),
            metaculus=_switch(given, "METACULUS", default="true"),
        )


def read_public_url(name: str, text: str) -> str:
    """An address such as https://hunch.example or https://example.org/hunch.

    Raises:
        InvalidSettingError: it is none.
    """
    if _split(text) is None or not _PUBLIC_URL.fullmatch(text):
        raise InvalidSettingError(
            f"{name} takes an address such as https://hunch.example or https://example.org/hunch, not {text!r}."
        )
    return text.rstrip("/")


def _split(text: str) -> tuple[str, str] | None:
    """The scheme and the host's name of an address; None where it is none."""
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    return (parts.scheme, host) if host and port != 0 else None


def _credits(name: str, text: str) -> Money:
    if not re.fullmatch(r"[0-9]{1,10}(\.[0-9]{1,6})?", text, re.ASCII) or parse_micros(text) > BALANCE_LIMIT.amount:
        raise InvalidSettingError(f"{_PREFIX}{name} takes an amount of credits such as 1000 or 0.5, not {text!r}.")
    return Money(parse_micros(text))


def _switch(given: Mapping[str, str], name: str, default: str = "false") -> bool:
    text = given.get(name, default)
    if text not in {"true", "false"}:
        raise InvalidSettingError(f"{_PREFIX}{name} takes true or false, not {text!r}.")
    return text == "true"


def _choice(given: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    """One of the choices, of which the first is the default."""
    text = given.get(name, choices[0])
    if text not in choices:
        raise InvalidSettingError(f"{_PREFIX}{name} takes {' or '.join(choices)}, not {text!r}.")
    return text


def _number(name: str, text: str, what: str) -> int:
    if not re.fullmatch("[0-9]{1,6}", text, re.ASCII):
        raise InvalidSettingError(f"{_PREFIX}{name} takes a number of {what}, not {text!r}.")
    return int(text)


def _networks(name: str, text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(each) for each in re.split(r"[\s,]+", text) if each)
    except ValueError as error:
        raise InvalidSettingError(
            f"{_PREFIX}{name} takes addresses and networks such as '127.0.0.1 10.0.0.0/8', not {text!r}."
        ) from error


def _hosts(text: str) -> frozenset[str]:
    names = text.lower().split()
    if wrong := [name for name in names if not _HOST_NAME.fullmatch(name)]:
        raise InvalidSettingError(f"{_PREFIX}HOSTS takes names such as 'hunch.local school.lan', not {wrong[0]!r}.")
    return frozenset(names)


def _oidc(given: Mapping[str, str]) -> OidcSettings | None:
    issuer = given.get("OIDC_ISSUER")
    if issuer is None:
        if alone := [name for name in given if name.startswith("OIDC_")]:
            raise InvalidSettingError(f"{_PREFIX}{alone[0]} means nothing without {_PREFIX}OIDC_ISSUER.")
        return None
    host = _issuer_host(issuer)
    audiences = tuple(given.get("OIDC_AUDIENCE", "").split())
    if not audiences:
        # Without one, a token that the issuer made for any other program would be good here.
        raise InvalidSettingError(
            f"{_PREFIX}OIDC_ISSUER needs {_PREFIX}OIDC_AUDIENCE: the audience, or for Cognito the app client's id."
        )
    return OidcSettings(
        issuer=issuer,
        audiences=audiences,
        roles_claim=given.get("OIDC_ROLES_CLAIM", "cognito:groups" if _COGNITO.fullmatch(host) else "groups"),
        admin_group=given.get("OIDC_ADMIN_GROUP", "admin"),
        creator_group=given.get("OIDC_CREATOR_GROUP", "creator"),
    )


def _issuer_host(issuer: str) -> str:
    """The issuer's host. Whoever can change what it answers can be anybody, so it takes https off this machine."""
    scheme, host = _split(issuer) or ("", "")
    is_address = bool(re.fullmatch(r"https?://[^?#@\s]+", issuer))
    if not is_address or (scheme != "https" and host not in LOOPBACK_NAMES):
        raise InvalidSettingError(
            f"{_PREFIX}OIDC_ISSUER takes an https address as it is in the tokens' iss, not {issuer!r}."
        )
    return host
