"""The issuer's public keys: fetched when they are needed, kept, and fetched again when it rotates them."""

import asyncio
import json
import logging
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import jwt
import urllib3

from domain.model.kernel.errors import ContentionError
from domain.port.out.clock import Clock

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Public-key algorithms only: with a symmetric one the published key would be enough to forge a token."""
LIFE = timedelta(hours=1)
"""A key that the issuer has withdrawn is good here no longer than that."""
PAUSE = timedelta(minutes=1)
"""Between two fetches, however many tokens name unknown keys."""
_LIMIT_BYTES = 1_000_000
_TIMEOUT_SECONDS = 3.0

_logger = logging.getLogger(__name__)


class UnusableKeysError(Exception):
    """The issuer's keys cannot be had."""


class KeyRing:
    """The keys of one issuer, by their ids.

    Args:
        issuer: its address.
        clock: the time.
    """

    def __init__(self, issuer: str, clock: Clock) -> None:
        self._issuer = issuer
        self._clock = clock
        self._http = urllib3.PoolManager(maxsize=1, retries=False, timeout=_TIMEOUT_SECONDS)
        self._keys: Mapping[str, jwt.PyJWK] = {}
        self._fetched_at: datetime | None = None
        self._tried_at: datetime | None = None
        self._turn = asyncio.Lock()

    async def find(self, kid: str) -> jwt.PyJWK | None:
        """The key of that id; None when the issuer has none.

        Raises:
            ContentionError: no keys could be fetched so far.
        """
        if self._is_worth_fetching(kid):
            async with self._turn:
                if self._is_worth_fetching(kid):  # nobody has, while this one waited
                    await self._fetch()
        if self._fetched_at is None:
            raise ContentionError("The issuer of this token cannot be asked for its keys. Try again in a minute.")
        return self._keys.get(kid)

    def _is_worth_fetching(self, kid: str) -> bool:
        """Whether the keys are old or lack this one, and the issuer was not asked just now."""
        is_old, is_due = self._has_passed(LIFE, self._fetched_at), self._has_passed(PAUSE, self._tried_at)
        return is_due and (is_old or kid not in self._keys)

    def _has_passed(self, life: timedelta, since: datetime | None) -> bool:
        """Whether that long has passed; also when the clock was set back since, and nobody knows any more.

        The monotonic clock is no help: on Lambda it may stand still while nobody asks.
        """
        return since is None or not timedelta() <= self._clock.now() - since < life

    async def _fetch(self) -> None:
        """Fetch all keys anew. Should that fail, those there are stay good: nobody is signed out by an outage."""
        try:
            self._keys = await asyncio.to_thread(self._download)
            self._fetched_at = self._clock.now()
        except UnusableKeysError:
            _logger.exception("the keys of %s cannot be fetched", self._issuer)
        finally:
            self._tried_at = self._clock.now()

    def _download(self) -> Mapping[str, jwt.PyJWK]:
        discovered = self._get(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
        if discovered.get("issuer") != self._issuer:
            raise UnusableKeysError(f"the issuer calls itself {discovered.get('issuer')!r}")
        address = discovered.get("jwks_uri")
        if not isinstance(address, str) or urlsplit(address).scheme not in {"https", urlsplit(self._issuer).scheme}:
            raise UnusableKeysError(f"{address!r} is no address of keys")
        try:
            keys = jwt.PyJWKSet.from_dict(self._get(address))
        except jwt.PyJWTError as error:
            raise UnusableKeysError(str(error)) from error
        return {
            key.key_id: key
            for key in keys
            if key.key_id and key.algorithm_name in ALGORITHMS and key.public_key_use in {None, "sig"}
        }

    def _get(self, address: str) -> dict[str, Any]:
        """The JSON object at an address. No redirect is followed: it could lead anywhere.

        Raises:
            UnusableKeysError: there is none.
        """
        try:
            with closing(self._http.request("GET", address, redirect=False, preload_content=False)) as answer:
                content = answer.read(_LIMIT_BYTES)
        except urllib3.exceptions.HTTPError as error:
            raise UnusableKeysError(f"{address} does not answer") from error
        try:
            value = json.loads(content)
        except (ValueError, RecursionError) as error:
            raise UnusableKeysError(f"{address} answers no JSON") from error
        if answer.status != HTTPStatus.OK or not isinstance(value, dict):
            raise UnusableKeysError(f"{address} answers {answer.status}")
        return value
