"""People of the deployed instance: how they sign up, sign in, and send requests."""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.e2e.deployment import Deployment

PASSWORD = "Correct-Horse-1-Battery"
PATIENCE_SECONDS = 300.0
"""How long something may take that has gone wrong if it takes longer: a machine with other work takes its time."""
PAUSE_SECONDS = 0.2

type Json = dict[str, Any]


@dataclass(frozen=True)
class Person:
    """Somebody with a credential, or nobody in particular.

    Args:
        http: a client of the API.
        authorization: the header; None for nobody.
    """

    http: httpx.Client
    authorization: str | None = None

    def send(self, method: str, path: str, body: Json | None = None, *, key: str | None = None) -> httpx.Response:
        """Send a request; a POST always under an idempotency key."""
        headers = {} if self.authorization is None else {"Authorization": self.authorization}
        if method == "POST":
            headers["Idempotency-Key"] = key or uuid.uuid4().hex
        return self.http.request(method, path, json=body, headers=headers)

    def get(self, path: str) -> Json:
        """What is there."""
        return _json(self.send("GET", path), 200)

    def post(self, path: str, body: Json | None = None, *, status: int = 201, key: str | None = None) -> Json:
        """What comes of a POST that succeeds."""
        return _json(self.send("POST", path, body, key=key), status)

    def wait_for(self, path: str, is_wanted: Callable[[Json], bool]) -> Json:
        """What is there once it is as wanted."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not is_wanted(found := self.get(path)):
            assert time.monotonic() < deadline, found
            time.sleep(PAUSE_SECONDS)
        return found


def _json(answer: httpx.Response, status: int) -> Json:
    assert answer.status_code == status, answer.text
    found: Json = answer.json()
    return found


@dataclass(frozen=True)
class Town:
    """Where people live: the deployed API, and its user pool."""

    deployment: Deployment
    http: httpx.Client

    def nobody(self) -> Person:
        """Somebody without a credential."""
        return Person(self.http)

    def somebody(self, name: str, *groups: str) -> Person:
        """Somebody who has signed up and in, member of these groups of the pool."""
        return Person(self.http, f"Bearer {self.token(name, *groups)}")

    def token(self, name: str, *groups: str) -> str:
        """The access token of somebody who has signed up and in."""
        pool, page = self.deployment.outputs["Issuer"].rpartition("/")[2], self.deployment.outputs["Audience"]
        cognito, address = self.deployment.client("cognito-idp"), f"{name}@example.com"
        cognito.sign_up(ClientId=page, Username=address, Password=PASSWORD)
        cognito.admin_confirm_sign_up(UserPoolId=pool, Username=address)
        for group in groups:
            cognito.admin_add_user_to_group(UserPoolId=pool, Username=address, GroupName=group)
        signed_in = cognito.admin_initiate_auth(
            UserPoolId=pool,
            ClientId=page,
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": address, "PASSWORD": PASSWORD},
        )
        token: str = signed_in["AuthenticationResult"]["AccessToken"]
        return token


def reach(deployment: Deployment) -> httpx.Client:
    """A client of the deployed API, where the local endpoint has it."""
    address = urlsplit(deployment.outputs["ApiUrl"])
    endpoint = urlsplit(deployment.aws.endpoint)
    host = f"{address.netloc.partition('.')[0]}.execute-api.localhost:{endpoint.port}"
    return httpx.Client(
        base_url=f"{deployment.aws.endpoint}{address.path.rstrip('/')}",
        headers={"Host": host},
        timeout=PATIENCE_SECONDS,
        event_hooks={"request": [_pass_the_edge]},
    )


def _pass_the_edge(request: httpx.Request) -> None:
    """Do what CloudFront does to requests of the API: no local endpoint has it. tests/infra runs its own function."""
    request.headers["X-Hunch-Credential"] = request.headers.get("Authorization", "none")
