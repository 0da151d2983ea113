"""Hints for open pages: nothing of them where the option is off; where it is on, who may publish and who may listen."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template as Assertions

from functions.adapter.out.appsync.hints import channel_of
from functions.registry import FUNCTION_OF, FUNCTIONS, HINTS_URL, SECRETS
from infra.constructs.identity import Identity
from infra.constructs.push import KEY_DAYS, NAMESPACE, Push
from infra.options import Options
from tests.infra.conftest import Json, Template
from tests.infra.test_template import MOST_RESOURCES, lint_findings

(PUBLISHER,) = (function.name for function in FUNCTIONS if function.hints is not None)
DEPLOYED = datetime(2026, 11, 27, 17, 30, tzinfo=UTC)
POOL = Identity("https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc", "page", "eu-west-1_abc")


def words(template: Template) -> str:
    """The template as one text."""
    return json.dumps(template.document)


def policy_of(template: Template) -> Json | str:
    """What browsers may do with the pages."""
    (policy,) = template.of_type("AWS::CloudFront::ResponseHeadersPolicy").values()
    headers = policy["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    content: Json | str = headers["ContentSecurityPolicy"]["ContentSecurityPolicy"]
    return content


def test_off_is_nothing(template: Template) -> None:
    """No resource, right, variable, address of a browser's policy, nor word in config.json."""
    assert "appsync" not in words(template).lower()
    assert HINTS_URL not in words(template)
    assert "wss:" not in json.dumps(policy_of(template))


@pytest.mark.parametrize("fixture", ["other", "adopted"])
def test_on_is_an_api_and_a_namespace(fixture: str, request: pytest.FixtureRequest) -> None:
    """Two resources and a key where everybody may listen; channels are in the namespace."""
    template: Template = request.getfixturevalue(fixture)
    (api,), (namespace,) = (template.of_type(f"AWS::AppSync::{kind}").items() for kind in ("Api", "ChannelNamespace"))
    id_, properties = api
    assert properties["Name"] == "hunch"
    assert namespace[1] == {"ApiId": {"Fn::GetAtt": [id_, "ApiId"]}, "Name": NAMESPACE}
    assert channel_of("rain").split("/") == ["", NAMESPACE, "rain"]
    assert len(template.document["Resources"]) <= MOST_RESOURCES


@pytest.mark.parametrize("is_private", [False, True])
def test_cfn_lint_finds_nothing(tmp_path: Path, is_private: bool) -> None:
    """In what the option adds."""
    document = dict(_synthesized(Options(private_reads=is_private, push="appsync"), POOL).to_json())
    path = tmp_path / "push.template.json"
    path.write_text(json.dumps(document))
    assert lint_findings(Template(path, document)) == []


@pytest.mark.parametrize("fixture", ["other", "adopted"])
def test_one_function_publishes(fixture: str, request: pytest.FixtureRequest) -> None:
    """It alone knows where and may, on the channels of this API; and it reads books, but no secrets."""
    template: Template = request.getfixturevalue(fixture)
    (api,) = template.of_type("AWS::AppSync::Api")
    told = {
        name: properties["Environment"]["Variables"][HINTS_URL]
        for name, (_, properties) in template.functions().items()
        if HINTS_URL in properties["Environment"]["Variables"]
    }
    assert told == {PUBLISHER: {"Fn::Join": ["", ["https://", {"Fn::GetAtt": [api, "Dns.Http"]}, "/event"]]}}
    role = template.functions()[PUBLISHER][1]["Role"]["Fn::GetAtt"][0]
    may = [
        (policy["Roles"], statement)
        for policy in template.of_type("AWS::IAM::Policy").values()
        for statement in policy["PolicyDocument"]["Statement"]
    ]
    publishing = [(roles, statement) for roles, statement in may if "appsync" in json.dumps(statement["Action"])]
    channels = {"Fn::Join": ["", [{"Fn::GetAtt": [api, "ApiArn"]}, f"/channelNamespace/{NAMESPACE}"]]}
    allowed = {"Action": "appsync:EventPublish", "Effect": "Allow", "Resource": channels}
    assert publishing == [([{"Ref": role}], allowed)]
    of_tables = [
        (statement["Effect"], statement["Action"], SECRETS in json.dumps(statement.get("Condition", {})))
        for roles, statement in may
        if {"Ref": role} in roles and "dynamodb:" in json.dumps(statement["Action"])
    ]
    reading = [each for each in of_tables if not re.search("Stream|Shard", json.dumps(each[1]))]
    assert FUNCTION_OF[PUBLISHER].hints == {"core": frozenset({"BatchGetItem"})}
    assert reading == [("Allow", "dynamodb:BatchGetItem", False), ("Deny", "dynamodb:*", True)]


def test_everybody_listens_where_everybody_reads(adopted: Template) -> None:
    """By a key, which the pages are told beside the address; nobody publishes by it."""
    (api,), (key_id, key) = adopted.of_type("AWS::AppSync::Api").values(), _only(adopted, "AWS::AppSync::ApiKey")
    assert _modes(api) == {
        "AuthProviders": ["AWS_IAM", "API_KEY"],
        "ConnectionAuthModes": ["API_KEY"],
        "DefaultPublishAuthModes": ["AWS_IAM"],
        "DefaultSubscribeAuthModes": ["API_KEY"],
    }
    days = (datetime.fromtimestamp(key["Expires"], UTC) - datetime.now(UTC)) / timedelta(days=1)
    assert KEY_DAYS - 1.1 < days <= KEY_DAYS
    config = json.dumps(adopted.of_type("Custom::CDKBucketDeployment"))
    for each in ('"Dns.Realtime"', '"Dns.Http"', f'"{key_id}", "ApiKey"'):
        assert each in config


def test_members_listen_where_members_read(other: Template) -> None:
    """By the tokens of the issuer that are for the page; there is no key."""
    (api,) = other.of_type("AWS::AppSync::Api").values()
    modes = _modes(api)
    assert modes["DefaultPublishAuthModes"] == ["AWS_IAM"]
    assert modes["ConnectionAuthModes"] == modes["DefaultSubscribeAuthModes"] == ["OPENID_CONNECT"]
    (_, issuer) = api["EventConfig"]["AuthProviders"]
    assert issuer["OpenIDConnectConfig"] == {"Issuer": "https://issuer.example/tenant", "ClientId": "^hunch$"}
    assert not other.of_type("AWS::AppSync::ApiKey")


def test_pages_may_talk_there(other: Template, adopted: Template) -> None:
    """To AppSync's addresses for listening in this region, over TLS, and nothing else of them."""
    for template in (other, adopted):
        policy = policy_of(template)
        parts = policy["Fn::Join"][1] if isinstance(policy, dict) else [policy]
        text = "".join(part if isinstance(part, str) else "region" for part in parts)
        (connect,) = re.findall(r"connect-src ([^;]+)", text)
        assert "wss://*.appsync-realtime-api.region.amazonaws.com" in connect.split(" ")
        assert text.count("wss:") == 1


def test_a_private_pool_is_asked_who_listens() -> None:
    """The stack's own user pool, for tokens of its client; as strict as the API itself."""
    api = _synthesized(Options(private_reads=True, push="appsync"), POOL).find_resources("AWS::AppSync::Api")
    (provider,) = [
        provider
        for properties in api.values()
        for provider in properties["Properties"]["EventConfig"]["AuthProviders"]
        if "CognitoConfig" in provider
    ]
    assert provider["AuthType"] == "AMAZON_COGNITO_USER_POOLS"
    assert provider["CognitoConfig"]["UserPoolId"] == POOL.pool_id
    assert provider["CognitoConfig"]["AppIdClientRegex"] == "page"


def test_a_deploy_prolongs_the_key() -> None:
    """Of another day; the first of another year makes a new key, as the old one may be gone."""
    keys = [
        _synthesized(Options(push="appsync"), POOL, DEPLOYED + timedelta(days=days)).find_resources(
            "AWS::AppSync::ApiKey"
        )
        for days in (0, 0, 1, 40)
    ]
    (first, again, tomorrow, next_year) = keys
    assert first == again
    assert first.keys() == tomorrow.keys() != next_year.keys()
    assert _expiry(tomorrow) - _expiry(first) == timedelta(days=1).total_seconds()
    ends = datetime.fromtimestamp(_expiry(first), UTC)
    assert timedelta(days=1) < ends - DEPLOYED <= timedelta(days=365)


def _expiry(keys: Any) -> float:
    (key,) = keys.values()
    expires: float = key["Properties"]["Expires"]
    return expires


def _synthesized(options: Options, identity: Identity, now: datetime = DEPLOYED) -> Assertions:
    stack = cdk.Stack(cdk.App(analytics_reporting=False), "hunch")
    Push(stack, "push", options=options, identity=identity, now=now)
    return Assertions.from_stack(stack)


def _only(template: Template, kind: str) -> tuple[str, Json]:
    (found,) = template.of_type(kind).items()
    return found


def _modes(api: Json) -> dict[str, list[str]]:
    """The ways to say who one is, by what for."""
    return {
        name: [mode["AuthType"] for mode in modes]
        for name, modes in api["EventConfig"].items()
        if isinstance(modes, list)
    }
