"""Whom an issuer's access token names, once everything about it is right."""

import math
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple

import jwt

from domain.model.kernel.errors import BadCredentialError
from domain.port.out.clock import Clock
from domain.port.out.identity import Identity
from functions.adapter.out.oidc.groups import Groups
from functions.adapter.out.oidc.key_ring import ALGORITHMS, KeyRing

LEEWAY = timedelta(seconds=30)
"""By so much the issuer's clock may differ."""
_MAX_SUBJECT = 1024
_TYPES = frozenset({"jwt", "at+jwt", "application/at+jwt"})
"""What access tokens call themselves (RFC 9068, 2.1); those of before call themselves JWT, or nothing."""
_OTHER_TYPES = frozenset({"logout", "refresh", "offline"})
"""How Keycloak marks in a claim what is no access token, though signed with the same keys."""


class TrustedIssuer(NamedTuple):
    """What is taken from an issuer.

    Args:
        issuer: the ``iss`` of its tokens.
        audiences: whom a token has to be for.
        groups: reads the roles that its groups give.
    """

    issuer: str
    audiences: frozenset[str]
    groups: Groups


class OidcIssuer:
    """The Issuer of an OpenID Connect provider, Cognito among them.

    Args:
        trusted: which issuer, and for whom its tokens have to be.
        keys: the issuer's keys.
        clock: the time.
    """

    def __init__(self, trusted: TrustedIssuer, keys: KeyRing, clock: Clock) -> None:
        self._trusted = trusted
        self._keys = keys
        self._clock = clock

    async def identify(self, token: str) -> Identity:
        """Verify the signature first, and only then look at what the token says."""
        key = await self._keys.find(_kid(token))
        if key is None:
            raise _refusal("it was signed with a key that the issuer does not have")
        try:
            claims = jwt.decode(
                token,
                key,
                algorithms=ALGORITHMS,
                issuer=self._trusted.issuer,
                # Times are checked below, by our clock; the audience, because Cognito's access tokens have none.
                options={
                    "require": ["iss", "sub", "exp"],
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                    "verify_aud": False,
                },
            )
        except jwt.InvalidTokenError as error:
            raise _refusal("its signature or its claims are not the issuer's") from error
        self._check_times(claims)
        self._check_audience(claims)
        return Identity(_subject(claims), self._trusted.groups.roles(claims))

    def _check_times(self, claims: Mapping[str, Any]) -> None:
        """RFC 7519, 4.1.4 and 4.1.5."""
        now = self._clock.now().timestamp()
        expires_at, begins_at = claims["exp"], claims.get("nbf", 0)
        if not all(isinstance(time, int | float) and math.isfinite(time) for time in (expires_at, begins_at)):
            raise _refusal("its times are no numbers")
        if now >= expires_at + LEEWAY.total_seconds():
            raise BadCredentialError("This token has expired. Sign in again.")
        if now < begins_at - LEEWAY.total_seconds():
            raise _refusal("it is not valid yet")

    def _check_audience(self, claims: Mapping[str, Any]) -> None:
        """A token is for us by its audience; where it has none, as Cognito's, by the client that it was made for."""
        # A logout token has an event (OpenID Connect Back-Channel Logout, 2.4), and is meant for us, too.
        is_other = str(claims.get("typ", "")).lower() in _OTHER_TYPES or "events" in claims
        if claims.get("token_use", "access") != "access" or is_other:
            raise _refusal("it is no access token")
        audience = claims.get("aud", claims.get("client_id"))
        named = audience if isinstance(audience, list) else [audience]
        if not any(self._is_ours(name) for name in named):
            raise _refusal("it was made for another program")
        # To whom it was issued (OpenID Connect Core, 2): another program may be let in by the same issuer.
        if "azp" in claims and not self._is_ours(claims["azp"]):
            raise _refusal("it was issued to another program")

    def _is_ours(self, name: object) -> bool:
        return isinstance(name, str) and name in self._trusted.audiences


def _kid(token: str) -> str:
    """The id of the key that a token claims to be signed with."""
    try:
        header = jwt.get_unverified_header(token)
    except jwt.InvalidTokenError as error:
        raise _refusal("it is no token of the issuer's") from error
    kid = header.get("kid")
    if header.get("alg") not in ALGORITHMS or not isinstance(kid, str) or not kid:
        raise _refusal("it does not name a key and an algorithm that are taken here")
    if str(header.get("typ", "JWT")).lower() not in _TYPES:
        raise _refusal("it is no access token")
    return kid


def _subject(claims: Mapping[str, Any]) -> str:
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= _MAX_SUBJECT:
        raise _refusal("it names nobody")
    return subject


def _refusal(reason: str) -> BadCredentialError:
    return BadCredentialError(f"This token is not taken: {reason}. Sign in again.")
