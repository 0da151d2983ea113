"""Every route, asked by every kind of caller: the real authorizer before the real handlers, over DynamoDB."""

import asyncio
import importlib
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import override

import boto3
import httpx
import pytest
import pytest_asyncio
from moto import mock_aws

from domain.application.admission.instance_secrets import InstanceSecrets
from domain.model.admission.session import Session, session_token
from domain.model.admission.session_kind import SessionKind
from domain.model.kernel.caller import Role
from functions.adapter.in_.lambda_.authorizer_handler import UnauthorizedError
from functions.adapter.out.dynamodb.tables import create_tables
from functions.config.dynamodb import ports
from functions.registry import HTTP_TRIGGERS
from tests.integration.http.client import Caller
from tests.integration.http.permissions import ELSEWHERE, Stage, check_route, set_stage
from tests.integration.lambda_.conftest import TABLES, VARIABLES, cold_start
from tests.integration.lambda_.gateway import HOST, GatewayApi, GatewayTransport, Handler, Json, Service

pytestmark = pytest.mark.asyncio(loop_scope="module")

ARN = "arn:aws:execute-api:eu-west-1:123456789012:abc123/prod/GET/"


class AuthorizedTransport(GatewayTransport):
    """The gateway with the authorizer that it has in production."""

    def __init__(self, service: Service, authorizer: Handler) -> None:
        super().__init__(service)
        self._authorizer = authorizer

    @override
    def identity(self, request: httpx.Request) -> Json:
        headers = {"Authorization": request.headers.get_list("Authorization")}
        answer = self._authorizer({"methodArn": ARN, "multiValueHeaders": headers}, None)
        return {"principalId": answer["principalId"], "integrationLatency": 12, **answer["context"]}

    @override
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return await super().handle_async_request(request)
        except UnauthorizedError:
            return httpx.Response(401, json={"code": "unauthenticated"})


class SessionApi(GatewayApi):
    """The client, whose people have been let in by the instance itself."""

    @override
    async def sign_in(self, *roles: str, account: str | None = None) -> Caller:
        account = account or self.name("account")
        secret = await asyncio.to_thread(_secret)
        session = Session(account, frozenset(map(Role, roles)), self.clock.now() + timedelta(hours=1))
        token = session_token(secret, SessionKind.INVITATION, session)
        return Caller(self.http, account, {"Authorization": f"Bearer {token}"})


def _secret() -> str:
    return asyncio.run(InstanceSecrets(ports().store).signing())


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def stage() -> AsyncIterator[Stage]:
    """The callers, over tables of their own."""
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        for name, value in {**VARIABLES, "HUNCH_CREATORS_ONLY": "true"}.items():
            patch.setenv(name, value)
        create_tables(boto3.client("dynamodb"), TABLES)
        ports.cache_clear()
        service = Service({name: cold_start(name) for name in (*HTTP_TRIGGERS, "fallback")})
        sys.modules.pop("functions.events.admission.authorize.handler", None)
        authorizer = importlib.import_module("functions.events.admission.authorize.handler").handler
        transport = AuthorizedTransport(service, authorizer)
        async with httpx.AsyncClient(transport=transport, base_url=f"https://{HOST}") as http:
            yield await set_stage(SessionApi(http))
        ports.cache_clear()


@pytest.mark.parametrize("name", [name for name in HTTP_TRIGGERS if name not in ELSEWHERE])
async def test_permissions(stage: Stage, name: str) -> None:
    """Who may do what is what the registry says."""
    await check_route(stage, name, HTTP_TRIGGERS[name])
