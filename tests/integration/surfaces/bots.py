"""Accounts that speak to a surface with a bot key, and the answers they get."""

from collections.abc import Sequence
from typing import Any

import httpx

from tests.integration.http.client import Api, Caller

NO_CONTENT = 204


async def bot_of(api: Api, *roles: str, scopes: Sequence[str] = ("read", "trade"), scheme: str = "Key") -> Caller:
    """Somebody with an account just opened, who comes with a key.

    Args:
        api: the instance.
        roles: the owner's.
        scopes: what the key is good for; an admin's also for what an admin may.
        scheme: in which it is sent.
    """
    owner = await api.open_account(*roles)
    body = {"name": "bot", "scopes": [*scopes, *(role for role in roles if role == "admin")]}
    key = told(await owner.send("POST", "/v1/api-keys", body=body), 201)["key"]
    return Caller(api.http, owner.account, {"Authorization": f"{scheme} {key}"})


def told(response: httpx.Response, status: int) -> Any:
    """What an answer of that status says; a refusal has a message, and perhaps which parts are wrong."""
    content = response.json()
    assert response.status_code == status, content
    assert response.headers["x-request-id"]
    if response.is_error:
        assert content.keys() in ({"message"}, {"message", "details"})
        assert all(each.keys() == {"field", "error"} for each in content.get("details", ()))
        assert response.headers["cache-control"] == "no-store"
    return content
