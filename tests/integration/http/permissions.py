"""Who may do what, read off the registry: what each kind of caller must be answered on each route."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx

from domain.model.kernel.notation import format_time
from functions.registry import Access, Http, Who
from tests.integration.http.client import Api, Caller, new_key
from tests.integration.http.contract import answer

PERSON = frozenset({"read", "trade", "admin", "keys"})
PERMITTED = "permitted"
ELSEWHERE = frozenset({"revoke_my_credentials", "create_sign_in_link"})
"""Routes that test_people asks: one ends the credentials of whoever asks, one depends on how an account came to be."""
REMOVES = frozenset({"delete_draft"})
"""Routes that take the draft away which all others are asked for; test_delete_draft asks it."""
OF_OTHERS = frozenset({"suspend_account", "restore_account", "revoke_credentials"})
"""Routes that admins ask for somebody else."""
FORGETS = frozenset({"forget_account"})
"""The route after which nothing can be asked for an account any more: it has one of its own."""
REFUSALS = frozenset({"unauthenticated", "forbidden", "market-not-found"})
BODIES: Mapping[str, Any] = {
    "create_api_key": {"name": "another", "scopes": ["read"]},
    "grant_credits": {"amount": "1", "reason": "Won the quiz."},
    "create_market": {"name": "Rain?", "slug": "taken"},
    "edit_market": {"name": "Rain?"},
    "rename_account": {"name": "Ann"},
    "create_webhook": {"url": "https://127.0.0.1/"},
    "reopen_market": {"closes_at": None},
    "clarify_market": {"text": "Snow counts."},
    "post_comment": {"text": "The forecast says sun."},
    "void_market": {"reason": "No umpire came."},
    "resolve_market": {"outcome": "none of them"},
    "quote": {"outcome": "YES", "side": "buy", "quantity": "1"},
    "place_order": {"outcome": "YES", "side": "buy", "quantity": "1"},
    "create_invitation": {"count": 1, "expires_at": "2999-01-01T00:00:00Z"},
    "accept_sign_in_link": {"link": "x"},
    "accept_invitation": {"invitation": "x", "name": "Ann"},
}


@dataclass(frozen=True)
class Actor:
    """One kind of caller.

    Args:
        caller: who sends the requests.
        roles: what the credential allows beyond trading.
        scopes: what it is good for.
        is_owner: whether the markets are this account's.
    """

    caller: Caller
    roles: frozenset[str] = frozenset()
    scopes: frozenset[str] = PERSON
    is_owner: bool = False


@dataclass(frozen=True)
class Stage:
    """The callers, the two markets of the owner's that they ask for, and accounts that are none of theirs."""

    actors: Mapping[str, Actor]
    published: str
    draft: str
    other: str
    forgotten: str


async def set_stage(api: Api) -> Stage:
    """Everybody there is, on an instance where only creators create markets."""
    owner, admin = await api.open_account("creator"), await api.open_account("admin")
    creator, trader = await api.open_account("creator"), await api.open_account()
    published = await api.published_market(owner)
    draft = await api.draft(owner, liquidity="1000000")  # too large for its owner to publish: it stays a draft
    await api.draft(owner, slug="taken")
    actors = {
        "nobody": Actor(api.anyone, scopes=frozenset()),
        "trader": Actor(trader),
        "creator": Actor(creator, frozenset({"creator"})),
        "owner": Actor(owner, frozenset({"creator"}), is_owner=True),
        "admin": Actor(admin, frozenset({"admin"})),
        "invited": Actor(await _invited(api, admin)),
        "owner's key to trade": Actor(
            await _key(owner, "trade"), frozenset({"creator"}), frozenset({"trade"}), is_owner=True
        ),
        "admin's key to read": Actor(await _key(admin, "read"), scopes=frozenset({"read"})),
        "admin's key to trade": Actor(await _key(admin, "trade"), scopes=frozenset({"trade"})),
        "admin's key to run it": Actor(await _key(admin, "admin"), frozenset({"admin"}), frozenset({"admin"})),
        "trader's key for both": Actor(await _key(trader, "read", "trade"), scopes=frozenset({"read", "trade"})),
    }
    others = [(await api.open_account()).account for _ in range(2)]
    return Stage(actors, published, draft, *others)


async def _key(owner: Caller, *scopes: str) -> Caller:
    made = await owner.send("POST", "/v1/api-keys", body={"name": "bot", "scopes": list(scopes)})
    return Caller(owner.http, owner.account, {"Authorization": f"Key {answer(made, 201)['key']}"})


async def _invited(api: Api, admin: Caller) -> Caller:
    body = {"count": 1, "expires_at": format_time(api.clock.now() + timedelta(hours=1))}
    url: str = answer(await admin.send("POST", "/v1/invitations", body=body), 201)["url"]
    body = {"invitation": url.partition("#")[2], "name": "Ada"}
    opened = answer(await api.anyone.send("POST", "/v1/invitations/accept", body=body), 201)
    return Caller(api.http, opened["account"], {"Authorization": f"Bearer {opened['token']}"})


def expected(trigger: Http, actor: Actor, *, is_draft: bool) -> str:
    """The code of the refusal that the registry's table and the contract ask for; PERMITTED for none."""
    if trigger.access is Access.PUBLIC:
        return PERMITTED
    is_somebody, has_scope = bool(actor.scopes), trigger.needed_scope in actor.scopes
    if trigger.access is Access.ACCOUNT and not is_somebody:
        return "unauthenticated"
    if trigger.access is Access.ACCOUNT and not has_scope:
        return "forbidden"
    sees_drafts = has_scope and (actor.is_owner or "admin" in actor.roles)
    if is_draft and not sees_drafts:
        return "market-not-found"
    return PERMITTED if _serves(trigger.serves, actor) else "forbidden"


def _serves(who: Who, actor: Actor) -> bool:
    served = {
        Who.ANYBODY: True,
        Who.ACCOUNT: True,
        Who.CREATOR: bool(actor.roles & {"creator", "admin"}),
        Who.OWNER: actor.is_owner,
        Who.HOLDER_OR_ADMIN: True,  # each asks for their own account
        Who.OWNER_OR_ADMIN: actor.is_owner or "admin" in actor.roles,
        Who.ADMIN: "admin" in actor.roles,
    }
    return served[who]


async def outcome(stage: Stage, name: str, trigger: Http, actor: Actor, slug: str) -> str:
    """The code of the refusal that a caller gets; PERMITTED for a success, or for what is wrong with the request."""
    account = actor.caller.account or "nobody"
    if name in OF_OTHERS | FORGETS:
        account = stage.forgotten if name in FORGETS else stage.other
    path = trigger.path.format(slug=slug, account=account, id="0" * 28)
    headers = {"Idempotency-Key": new_key()} if trigger.method == "POST" else {}
    response = await actor.caller.send(trigger.method, path, body=BODIES.get(name), headers=headers)
    return _code(response, name)


def _code(response: httpx.Response, name: str) -> str:
    assert response.status_code < 500, response.text
    code: str = PERMITTED if response.is_success else response.json()["code"]
    # A forged invitation or link is refused to everybody alike, once everybody has been let in to show it.
    return code if code in REFUSALS and name not in {"accept_invitation", "accept_sign_in_link"} else PERMITTED


async def check_route(stage: Stage, name: str, trigger: Http, *, is_draft: bool = False) -> None:
    """Every kind of caller is answered what the table says, for an open market or for a draft."""
    slug = stage.draft if is_draft else stage.published
    wanted = {who: expected(trigger, actor, is_draft=is_draft) for who, actor in stage.actors.items()}
    found = {who: await outcome(stage, name, trigger, actor, slug) for who, actor in stage.actors.items()}
    assert found == wanted
