"""People by Cognito: its own sign-up, its own tokens and keys, as the local AWS makes them."""

from pathlib import Path
from typing import Any, override

import boto3
import pytest

from functions.adapter.out.oidc.key_ring import KeyRing
from tests.fakes.dynamodb import ENVIRONMENT
from tests.integration.http.client import Api, Caller
from tests.integration.http.conftest import start
from tests.integration.http.contract import answer, problem

pytestmark = pytest.mark.asyncio(loop_scope="module")

COGNITO = "https://cognito-idp.eu-west-1.amazonaws.com"
PASSWORD = "Correct-horse-1-battery"


@pytest.fixture
def cognito(ministack: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A client of the local Cognito, at which the server asks for keys too when it means the one of AWS."""

    class LocalKeyRing(KeyRing):
        @override
        def _get(self, address: str) -> dict[str, Any]:
            content = super()._get(address.replace(COGNITO, ministack))
            return {
                name: value.replace(ministack, COGNITO) if name == "jwks_uri" else value
                for name, value in content.items()
            }

    monkeypatch.setattr("functions.config.oidc.KeyRing", LocalKeyRing)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    return boto3.client("cognito-idp", endpoint_url=ministack)


def _sign_up(cognito: Any, pool: str, client: str, name: str, *groups: str) -> dict[str, str]:
    """The tokens of somebody who has signed up."""
    cognito.sign_up(ClientId=client, Username=name, Password=PASSWORD)
    cognito.admin_confirm_sign_up(UserPoolId=pool, Username=name)
    for group in groups:
        cognito.create_group(UserPoolId=pool, GroupName=group)
        cognito.admin_add_user_to_group(UserPoolId=pool, Username=name, GroupName=group)
    parameters = {"USERNAME": name, "PASSWORD": PASSWORD}
    signed_in = cognito.initiate_auth(ClientId=client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)
    tokens: dict[str, str] = signed_in["AuthenticationResult"]
    return tokens


def _by(api: Api, token: str) -> Caller:
    return Caller(api.http, "", {"Authorization": f"Bearer {token}"})


async def test_cognito(cognito: Any, tmp_path: Path) -> None:
    """An access token opens its subject's account; a group makes an admin; no other token and no other client does."""
    pool = cognito.create_user_pool(PoolName="hunch")["UserPool"]["Id"]
    flows = ["ALLOW_USER_PASSWORD_AUTH"]
    ours, theirs = (
        cognito.create_user_pool_client(UserPoolId=pool, ClientName=name, ExplicitAuthFlows=flows)["UserPoolClient"][
            "ClientId"
        ]
        for name in ("ours", "theirs")
    )
    ann, root = _sign_up(cognito, pool, ours, "ann"), _sign_up(cognito, pool, ours, "root", "admin")
    stranger = _sign_up(cognito, pool, theirs, "eve")
    async with start(tmp_path / "hunch.db", oidc_issuer=f"{COGNITO}/{pool}", oidc_audience=ours) as api:
        account = answer(await _by(api, ann["AccessToken"]).post("/v1/accounts"), 201)["account"]
        assert (await _by(api, ann["AccessToken"]).portfolio())["account"] == account
        answer(await _by(api, root["AccessToken"]).post("/v1/accounts"), 201)
        problem(await _by(api, ann["AccessToken"]).grant(account), 403, "forbidden")
        answer(await _by(api, root["AccessToken"]).grant(account), 201)
        for bad in (ann["IdToken"], ann["RefreshToken"], stranger["AccessToken"]):
            problem(await _by(api, bad).get("/v1/portfolio"), 401, "unauthenticated")
