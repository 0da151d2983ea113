"""People by an issuer's tokens, over HTTP and at the gateway's authorizer: the same code, so the same refusals."""

import asyncio
import importlib
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
import pytest_asyncio
from moto import mock_aws

from functions.adapter.in_.lambda_.authorizer_handler import UnauthorizedError
from functions.adapter.out.dynamodb.tables import create_tables
from functions.config.dynamodb import ports
from tests.fakes.issuer import AUDIENCE, LoopbackIssuer, loopback_issuer
from tests.integration.http.client import Api, Caller, Clock
from tests.integration.http.conftest import start
from tests.integration.http.contract import answer, problem
from tests.integration.lambda_.conftest import TABLES, VARIABLES

pytestmark = pytest.mark.asyncio(loop_scope="module")

EVENT = "http://schemas.openid.net/event"

type Json = dict[str, Any]

ARN = "arn:aws:execute-api:eu-west-1:123456789012:abc123/prod/GET/v1/portfolio"


@pytest.fixture(scope="module")
def issuer() -> Iterator[LoopbackIssuer]:
    """The issuer that this module's instances trust."""
    with loopback_issuer() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def api(tmp_path_factory: pytest.TempPathFactory, issuer: LoopbackIssuer) -> AsyncIterator[Api]:
    """One application that trusts the issuer."""
    path = tmp_path_factory.mktemp("database") / "hunch.db"
    async with start(path, oidc_issuer=issuer.url, oidc_audience=f"other {AUDIENCE}") as running:
        yield running


@pytest.fixture(scope="module")
def authorizer(issuer: LoopbackIssuer) -> Iterator[Callable[[Json, object], Json]]:
    """The gateway's authorizer in an environment started anew, over empty tables, trusting the same issuer."""
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        variables = {**VARIABLES, "HUNCH_OIDC_ISSUER": issuer.url, "HUNCH_OIDC_AUDIENCE": AUDIENCE}
        for name, value in variables.items():
            patch.setenv(name, value)
        create_tables(boto3.client("dynamodb"), TABLES)
        ports.cache_clear()
        sys.modules.pop("functions.events.admission.authorize.handler", None)
        yield importlib.import_module("functions.events.admission.authorize.handler").handler
        ports.cache_clear()


def event(*credentials: str, **members: object) -> Json:
    """What the gateway asks the authorizer."""
    headers = {"Host": ["abc123.execute-api.eu-west-1.amazonaws.com"], "authorization": list(credentials)}
    return {"type": "REQUEST", "methodArn": ARN, "multiValueHeaders": headers, "queryStringParameters": None, **members}


@dataclass(frozen=True)
class Fronts:
    """Both places where a credential is shown."""

    api: Api
    authorizer: Callable[[Json, object], Json]

    async def refuse(self, *credentials: str) -> None:
        """Check that both refuse a request with these credentials."""
        headers = [(b"Authorization", credential.encode()) for credential in credentials]
        for path in ("/v1/portfolio", "/v1/markets", "/v1/health"):
            problem(await self.api.http.get(path, headers=headers), 401, "unauthenticated")
        with pytest.raises(UnauthorizedError, match=r"^Unauthorized$"):
            await asyncio.to_thread(self.authorizer, event(*credentials), None)

    async def accept(self, token: str) -> Json:
        """The authorizer's context, once both have taken the token."""
        caller = Caller(self.api.http, "", {"Authorization": f"Bearer {token}"})
        account = (await caller.post("/v1/accounts")).json()["account"]
        context: Json = (await asyncio.to_thread(self.authorizer, event(f"Bearer {token}"), None))["context"]
        assert context["account"] == account
        return context


@pytest.fixture(scope="module")
def fronts(api: Api, authorizer: Callable[[Json, object], Json]) -> Fronts:
    """Both."""
    return Fronts(api, authorizer)


async def test_a_good_token_is_its_subject(fronts: Fronts, issuer: LoopbackIssuer) -> None:
    """The account is the subject, without roles; a person's token is good for everything."""
    context = await fronts.accept(issuer.token(sub="ann"))
    assert context == {"account": "ann", "roles": "", "scopes": "admin keys read trade", "limits": ""}


@pytest.mark.parametrize(
    ("groups", "roles"),
    [
        (["admin"], "admin"),
        (["creator", "chess club"], "creator"),
        ("creator admin", "admin creator"),
        (["Admin", "administrator", 7, None], ""),
        ({"admin": True, "creator": False}, "admin"),
        ({"admin": {"org-1": "school.example"}, "chess": {}}, "admin"),
        ({"admin": None, "creator": "no"}, ""),
        (True, ""),
    ],
)
async def test_roles_come_from_the_groups(fronts: Fronts, issuer: LoopbackIssuer, groups: object, roles: str) -> None:
    """The groups named admin and creator give those roles, however the claim is spelled, and nothing else does."""
    assert (await fronts.accept(issuer.token(groups=groups)))["roles"] == roles


async def test_what_a_token_of_cognito_looks_like(fronts: Fronts, issuer: LoopbackIssuer) -> None:
    """An access token without an audience is for the client that it was made for; a list of audiences may name us."""
    await fronts.accept(issuer.token(aud=None, client_id=AUDIENCE, token_use="access"))


@pytest.mark.parametrize("typ", ["JWT", "at+jwt", "application/AT+JWT"])
async def test_what_access_tokens_call_themselves(fronts: Fronts, issuer: LoopbackIssuer, typ: str) -> None:
    """By RFC 9068 or before it; what was issued to us says so."""
    await fronts.accept(issuer.token(header_typ=typ, typ="Bearer", azp=AUDIENCE))
    await fronts.accept(issuer.token(aud=["another", AUDIENCE]))


@pytest.mark.parametrize(
    "subject", ["Ann", "auth0|5f7c8ec7c33c6c004bbafe82", "ann@example.org", "house", "a" * 65, "é"]
)
async def test_a_subject_that_is_no_slug(fronts: Fronts, issuer: LoopbackIssuer, subject: str) -> None:
    """It gets an account that is its own, the same every time."""
    first = (await fronts.accept(issuer.token(sub=subject)))["account"]
    assert first == (await fronts.accept(issuer.token(sub=subject)))["account"]
    assert first.startswith("id-")


async def test_clocks_may_differ_a_little(fronts: Fronts, issuer: LoopbackIssuer) -> None:
    """Half a minute either way."""
    now = datetime.now(UTC)
    await fronts.accept(issuer.token(exp=now - timedelta(seconds=20)))
    await fronts.accept(issuer.token(nbf=now + timedelta(seconds=20)))


def _forged(issuer: LoopbackIssuer) -> str:
    head, claims, signature = issuer.token().split(".")
    return f"{head}.{claims}.{signature[:20]}{'A' if signature[20] != 'A' else 'B'}{signature[21:]}"


def _swapped(issuer: LoopbackIssuer) -> str:
    """The claims of one token with the signature of another."""
    return ".".join([*issuer.token(sub="root", groups=["admin"]).split(".")[:2], issuer.token().split(".")[2]])


NOW = datetime.now(UTC)
BAD_TOKENS: dict[str, Callable[[LoopbackIssuer], str]] = {
    "forged signature": _forged,
    "another token's signature": _swapped,
    "signed by somebody else": lambda issuer: issuer.token(key="stranger", kid="first"),
    "alg none": lambda issuer: issuer.unsigned(),
    "alg None": lambda issuer: issuer.unsigned("None"),
    "RS256 without signature": lambda issuer: issuer.unsigned("RS256"),
    "HS256 with the public key": lambda issuer: issuer.signed_with_public_key(),
    "another algorithm than the key's": lambda issuer: issuer.token(algorithm="PS256"),
    "wrong issuer": lambda issuer: issuer.token(iss="https://issuer.example"),
    "issuer with a slash": lambda issuer: issuer.token(iss=f"{issuer.url}/"),
    "no issuer": lambda issuer: issuer.token(iss=None),
    "wrong audience": lambda issuer: issuer.token(aud="another"),
    "audience that begins alike": lambda issuer: issuer.token(aud=f"{AUDIENCE}-2"),
    "no audience": lambda issuer: issuer.token(aud=None),
    "null audience": lambda issuer: issuer.token(aud=[None], client_id=AUDIENCE),
    "logout token": lambda issuer: issuer.token(header_typ="logout+jwt"),
    "logout token by its event": lambda issuer: issuer.token(events={f"{EVENT}/backchannel-logout": {}}),
    "logout token of Keycloak's": lambda issuer: issuer.token(typ="Logout"),
    "refresh token of Keycloak's": lambda issuer: issuer.token(typ="Refresh"),
    "issued to another program": lambda issuer: issuer.token(azp="another"),
    "issued to nobody": lambda issuer: issuer.token(azp=[AUDIENCE]),
    "wrong client": lambda issuer: issuer.token(aud=None, client_id="another"),
    "client of another audience": lambda issuer: issuer.token(aud="another", client_id=AUDIENCE),
    "identity token": lambda issuer: issuer.token(token_use="id"),
    "expired": lambda issuer: issuer.token(exp=NOW - timedelta(seconds=31)),
    "never expires": lambda issuer: issuer.token(exp=None),
    "expires at infinity": lambda issuer: issuer.token(exp=float("inf")),
    "expires at no number": lambda issuer: issuer.token(exp=float("nan")),
    "expires in words": lambda issuer: issuer.token(exp="tomorrow"),
    "not yet valid": lambda issuer: issuer.token(nbf=NOW + timedelta(minutes=10)),
    "missing kid": lambda issuer: issuer.token(kid=None),
    "unknown kid": lambda issuer: issuer.token(kid="unknown"),
    "symmetric kid": lambda issuer: issuer.token(kid="symmetric"),
    "no subject": lambda issuer: issuer.token(sub=None),
    "empty subject": lambda issuer: issuer.token(sub=""),
    "no token": lambda issuer: "nonsense",
    "two parts": lambda issuer: issuer.token().rpartition(".")[0],
    "blank inside": lambda issuer: issuer.token().replace(".", ". ", 1),
    "session of nobody": lambda issuer: "hs_e30.AAAA",
    "session of a developer": lambda issuer: "hd_e30.AAAA",
    "bot key": lambda issuer: f"hk_ann_{'0' * 28}_{'0' * 64}",
}


@pytest.mark.parametrize("name", BAD_TOKENS)
async def test_bad_tokens(fronts: Fronts, issuer: LoopbackIssuer, name: str) -> None:
    """Each is refused, on every route and by the authorizer."""
    await fronts.refuse(f"Bearer {BAD_TOKENS[name](issuer)}")


async def test_two_credentials_are_none(fronts: Fronts, issuer: LoopbackIssuer) -> None:
    """Even the same one twice: whoever forwards a request may read another one than we do."""
    good = f"Bearer {issuer.token()}"
    await fronts.refuse(good, good)
    await fronts.refuse("Bearer nonsense", good)


async def test_a_token_in_the_query_string_is_none(fronts: Fronts, issuer: LoopbackIssuer) -> None:
    """It would end up in logs: nobody looks there."""
    token = issuer.token()
    for name in ("access_token", "token", "authorization"):
        problem(await fronts.api.http.get(f"/v1/portfolio?{name}={token}"), 401, "unauthenticated")
    query = {"access_token": token, "Authorization": f"Bearer {token}"}
    policy = await asyncio.to_thread(fronts.authorizer, event(queryStringParameters=query), None)
    assert (policy["principalId"], policy["context"]) == ("anonymous", {})


async def test_the_policy_covers_the_stage(fronts: Fronts, issuer: LoopbackIssuer) -> None:
    """The gateway keeps a policy for a credential, whatever route it was asked for; anonymous ones get one as well."""
    for credentials in ((f"Bearer {issuer.token()}",), ()):
        policy = await asyncio.to_thread(fronts.authorizer, event(*credentials), None)
        assert policy["policyDocument"] == {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Action": "execute-api:Invoke",
                    "Effect": "Allow",
                    "Resource": "arn:aws:execute-api:eu-west-1:123456789012:abc123/prod/*",
                }
            ],
        }
        assert all(isinstance(value, str) for value in policy["context"].values())


async def test_headers_without_repetitions(fronts: Fronts, issuer: LoopbackIssuer) -> None:
    """An event that has each header once says the same, and odd text is no crash."""
    single = event(multiValueHeaders=None, headers={"AUTHORIZATION": f"bearer {issuer.token()}"})
    assert (await asyncio.to_thread(fronts.authorizer, single, None))["principalId"] == "ann"
    for odd in ("Bearer \ud800", "Key \ud800", "Bearer", "Key", "", " ", "Basic YTpi"):
        with pytest.raises(UnauthorizedError):
            await asyncio.to_thread(fronts.authorizer, event(odd), None)


async def test_the_developer_sign_in_is_gone(api: Api) -> None:
    """Where an issuer says who is who nobody else does."""
    problem(await api.anyone.send("POST", "/v1/dev/sign-in", body={"account": "ann"}), 404, "not-found")
    assert "/v1/dev/sign-in" not in (await api.anyone.get("/v1/openapi.json")).json()["paths"]


async def test_rotation(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A new key is fetched when a token names it, but the issuer is asked at most once a minute; old ones go."""
    path = tmp_path_factory.mktemp("database") / "hunch.db"
    with loopback_issuer() as issuer:
        async with start(path, oidc_issuer=issuer.url, oidc_audience=AUDIENCE) as api:

            async def status(token: str) -> int:
                return (await api.http.get("/v1/markets", headers={"Authorization": f"Bearer {token}"})).status_code

            def passes(clock: Clock, by: timedelta) -> datetime:
                clock.advance(by)
                return clock.now() + timedelta(minutes=5)

            assert await status(issuer.token()) == 200
            assert [await status(issuer.token(kid=f"unknown-{number}")) for number in range(9)] == [401] * 9
            assert issuer.key_fetches == 1
            issuer.published = ["second"]
            assert await status(issuer.token(key="second")) == 401
            later = passes(api.clock, timedelta(seconds=61))
            assert await status(issuer.token(key="second", exp=later)) == 200
            assert await status(issuer.token(exp=later)) == 401
            assert issuer.key_fetches == 2
            issuer.is_down = True
            later = passes(api.clock, timedelta(hours=2))
            assert await status(issuer.token(key="second", exp=later)) == 200
            issuer.is_down, issuer.published = False, ["first"]
            later = passes(api.clock, timedelta(minutes=2))
            assert await status(issuer.token(key="second", exp=later)) == 401
            assert await status(issuer.token(exp=later)) == 200


async def test_an_issuer_that_cannot_be_asked(tmp_path_factory: pytest.TempPathFactory) -> None:
    """503 and Retry-After as long as there are no keys, also when it calls itself something else; then it works."""
    path = tmp_path_factory.mktemp("database") / "hunch.db"
    with loopback_issuer() as issuer:
        async with start(path, oidc_issuer=issuer.url, oidc_audience=AUDIENCE) as api:
            issuer.is_down = True
            headers = {"Authorization": f"Bearer {issuer.token(exp=datetime.now(UTC) + timedelta(hours=1))}"}
            problem(await api.http.get("/v1/markets", headers=headers), 503, "contention")
            issuer.is_down, issuer.name = False, "https://issuer.example"
            api.clock.advance(timedelta(seconds=61))
            problem(await api.http.get("/v1/markets", headers=headers), 503, "contention")
            issuer.name = issuer.url
            api.clock.advance(timedelta(seconds=61))
            answer(await api.http.get("/v1/markets", headers=headers), 200)


async def test_an_answer_is_kept_for_whom_it_is_about(fronts: Fronts, issuer: LoopbackIssuer) -> None:
    """The gateway keeps it by a header that anybody may send past CloudFront: only the credential itself will do.

    Otherwise one caller's answer would be kept for everybody without a credential, or for somebody else.
    """
    ann, bob = (f"Bearer {issuer.token(sub=name)}" for name in ("ann", "bob"))

    async def ask(named: tuple[str, ...], *credentials: str) -> str:
        asked = event(*credentials)
        asked["multiValueHeaders"]["x-hunch-credential"] = list(named)
        principal: str = (await asyncio.to_thread(fronts.authorizer, asked, None))["principalId"]
        return principal

    assert await ask((ann,), ann) == "ann"
    assert await ask(("none",)) == "anonymous"
    for named in (("none",), (bob,), ("none", ann), (ann, ann)):
        with pytest.raises(UnauthorizedError):
            await ask(named, ann)
    with pytest.raises(UnauthorizedError):
        await ask((ann,))
