"""The one API: what its OpenAPI document tells API Gateway, of which a local endpoint reads parts only."""

import json
import re
import subprocess
from typing import Any

import pytest

from domain.model.kernel.errors import ContentionError, ForbiddenError
from functions.adapter.in_.http import problem_details
from functions.api.instance.get_openapi.document import read_document
from functions.registry import FUNCTIONS, HTTP_TRIGGERS, SURFACES, Access, Authorizer, Fallback
from infra.gateway_document import ANY_METHOD, AUTHORIZER, GATEWAY_RESPONSES, INTEGRATION
from infra.gateway_problems import GATEWAY_PROBLEMS, PUBLIC_URL
from infra.local_api import document_of
from tests.infra.conftest import Json, Template

SURFACE_OF = {f"{path}/{{proxy+}}": name for name, surface in SURFACES.items() for path in surface.paths}
ASKED_BY = {Access.ACCOUNT: "needed", Access.OPTIONAL: "optional", Access.PUBLIC: "optional"}
(FALLBACK,) = (function.name for function in FUNCTIONS if isinstance(function.trigger, Fallback))
((AUTHORIZE, TRIGGER),) = (
    (function.name, function.trigger) for function in FUNCTIONS if isinstance(function.trigger, Authorizer)
)


class Names(dict[str, str]):
    """A value for every reference: its own name."""

    def __missing__(self, name: str) -> str:
        return {"AWS::Partition": "aws", "AWS::Region": "eu-west-1", "AWS::AccountId": "123456789012"}.get(name, name)


@pytest.fixture(scope="module")
def document(template: Template) -> Json:
    """The document that API Gateway is given."""
    return document_of(template.document, Names())


def function_of(address: str) -> str:
    """The function at an address at which the gateway invokes it."""
    match = re.fullmatch(
        r"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/"
        r"arn:aws:lambda:eu-west-1:123456789012:function:hunch-(\w+)/invocations",
        address,
    )
    assert match is not None, address
    return match[1]


def operations(document: Json) -> dict[tuple[str, str], Json]:
    """Every operation, by method and path."""
    return {
        ("ANY" if method == ANY_METHOD else method.upper(), path): operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
    }


def test_every_route_leads_to_its_function(document: Json) -> None:
    """HEAD goes where GET does; whatever else is asked of a known address, or of any other, goes to the fallback."""
    found = {place: function_of(operation[INTEGRATION]["uri"]) for place, operation in operations(document).items()}
    wanted = {(trigger.method, trigger.path): name for name, trigger in HTTP_TRIGGERS.items()}
    wanted |= {("HEAD", path): name for (method, path), name in wanted.items() if method == "GET"}
    wanted |= {("ANY", path): FALLBACK for path in ("/", "/v1", "/{proxy+}", *(path for _, path in wanted))}
    wanted |= {(method, path): name for path, name in SURFACE_OF.items() for method in ("GET", "HEAD", "POST", "ANY")}
    assert found == wanted


def test_the_document_is_the_contract(document: Json) -> None:
    """Each operation of the contract under its own name, with the parameters that are in its path."""
    contract = operations(read_document())
    for place, operation in contract.items():
        assert operations(document)[place]["operationId"] == operation["operationId"]
    for (_, path), operation in operations(document).items():
        declared = [parameter["name"] for parameter in operation["parameters"]]
        assert declared == re.findall(r"\{(\w+)\+?\}", path)
    names = [operation["operationId"] for operation in operations(document).values() if "operationId" in operation]
    assert len(names) == len(set(names)) == len(HTTP_TRIGGERS)


def test_the_gateway_reads_this_version(document: Json) -> None:
    """It knows OpenAPI 3.0 and no 3.1, and imports every schema that it is shown as a model of its own."""
    assert document["openapi"] == "3.0.1"
    assert document["components"].keys() == {"securitySchemes"}
    assert '"$ref"' not in json.dumps(document)
    assert document["x-amazon-apigateway-binary-media-types"] == ["*/*"]


def test_the_gateway_may_invoke_what_it_leads_to(template: Template, document: Json) -> None:
    """In a role of its own, before the API is on its stage: those functions, and no other."""
    (role,) = {operation[INTEGRATION]["credentials"] for operation in operations(document).values()}
    invoked = {function_of(operation[INTEGRATION]["uri"]) for operation in operations(document).values()} | {AUTHORIZE}
    (id_, policy), *others = (
        (id_, policy)
        for id_, policy in template.of_type("AWS::IAM::Policy").items()
        if {"Ref": role} in policy["Roles"]
    )
    assert not others
    (statement,) = policy["PolicyDocument"]["Statement"]
    names = {id_: name for name, (id_, _) in template.functions().items()}
    assert statement["Action"] == "lambda:InvokeFunction"
    assert {names[resource["Fn::GetAtt"][0]] for resource in statement["Resource"]} == invoked
    (deployment,) = template.of_type("AWS::ApiGateway::Deployment")
    assert id_ in template.document["Resources"][deployment]["DependsOn"]


def test_every_route_asks_who_calls(document: Json) -> None:
    """One authorizer, by the credential where one is needed, and by a header that is always there where none is."""
    schemes = document["components"]["securitySchemes"]
    headers = {"needed": "Authorization", "optional": TRIGGER.optional_header}
    assert schemes.keys() == headers.keys()
    for name, header in headers.items():
        authorizer = schemes[name][AUTHORIZER]
        assert (schemes[name]["name"], authorizer["identitySource"]) == (header, f"method.request.header.{header}")
        assert (authorizer["type"], function_of(authorizer["authorizerUri"])) == ("request", AUTHORIZE)
        assert authorizer["authorizerResultTtlInSeconds"] == TRIGGER.cache_seconds == 30
    for operation in operations(document).values():
        name = function_of(operation[INTEGRATION]["uri"])
        if trigger := HTTP_TRIGGERS.get(name):
            assert operation["security"] == [{ASKED_BY[trigger.access]: []}]
        else:
            assert operation.get("security") == ([{"optional": []}] if name in SURFACES else None)


def test_a_change_of_the_document_is_deployed(template: Template, other: Template) -> None:
    """A stage has what its deployment has, and an authorizer that changes makes another one: their names differ."""
    deployed = [each.of_type("AWS::ApiGateway::Deployment").keys() for each in (template, other)]
    assert all(len(ids) == 1 for ids in deployed)
    assert not deployed[0] & deployed[1]
    for each, ids in zip((template, other), deployed, strict=True):
        (stage,) = each.of_type("AWS::ApiGateway::Stage").values()
        assert {stage["DeploymentId"]["Ref"]} == ids


def test_a_private_instance_asks_everybody(other: Template) -> None:
    """Nothing but its health can be read without a credential, by the gateway's own rule."""
    for operation in operations(document_of(other.document, Names())).values():
        if trigger := HTTP_TRIGGERS.get(operation.get("operationId", "")):
            wanted = "optional" if trigger.access is Access.PUBLIC else "needed"
            assert operation["security"] == [{wanted: []}]


def test_the_gateway_refuses_as_the_functions_do(template: Template, document: Json) -> None:
    """Its own refusals are problems with the titles of the contract, a request id, and never kept by a cache."""
    titles = {
        value.code: value.title
        for value in vars(problem_details).values()
        if isinstance(value, problem_details.Problem)
    }
    titles |= {error.code: error.title for error in (ContentionError, ForbiddenError)}
    for problem in GATEWAY_PROBLEMS.values():
        assert problem.title == titles[problem.code]
    for response in document[GATEWAY_RESPONSES].values():
        headers = response["responseParameters"]
        assert headers["gatewayresponse.header.Content-Type"] == "'application/problem+json'"
        assert headers["gatewayresponse.header.Cache-Control"] == "'no-store'"
        assert headers["gatewayresponse.header.X-Request-Id"] == "context.requestId"
        body = json.loads(response["responseTemplates"]["application/json"])
        assert str(body["status"]) == response["statusCode"]
        assert body["type"] == f"$stageVariables.{PUBLIC_URL}/problems/{body['code']}"
        assert body["instance"] == "$context.resourcePath"
    (stage,) = template.of_type("AWS::ApiGateway::Stage").values()
    assert stage["Variables"].keys() == {PUBLIC_URL}


SERVER_FAILURES = {
    "API_CONFIGURATION_ERROR",
    "AUTHORIZER_CONFIGURATION_ERROR",
    "AUTHORIZER_FAILURE",
    "DEFAULT_5XX",
    "INTEGRATION_FAILURE",
    "INTEGRATION_TIMEOUT",
}
"""All of the gateway's response types that are a 5xx unless they are changed."""


def test_what_the_gateway_fails_in_may_be_sent_again(document: Json) -> None:
    """A new account runs ten functions at once: what finds no room to run is 503 with Retry-After, and not 500."""
    responses = document[GATEWAY_RESPONSES]
    assert {kind for kind, response in responses.items() if response["statusCode"][0] == "5"} == SERVER_FAILURES
    for kind in SERVER_FAILURES:
        assert responses[kind]["statusCode"] == "503"
        assert responses[kind]["responseParameters"]["gatewayresponse.header.Retry-After"] == "'1'"
        assert json.loads(responses[kind]["responseTemplates"]["application/json"])["code"] == "contention"


def test_a_refusal_that_has_a_status_keeps_it(document: Json) -> None:
    """What is left for DEFAULT_4XX, whose status is the same for all, is malformed."""
    statuses = {kind: int(response["statusCode"]) for kind, response in document[GATEWAY_RESPONSES].items()}
    assert statuses["UNSUPPORTED_MEDIA_TYPE"] == 415
    assert statuses["REQUEST_TOO_LARGE"] == 413
    assert statuses["THROTTLED"] == statuses["QUOTA_EXCEEDED"] == 429
    assert statuses["UNAUTHORIZED"] == statuses["EXPIRED_TOKEN"] == 401
    assert statuses["INVALID_SIGNATURE"] == statuses["MISSING_AUTHENTICATION_TOKEN"] == 404


def edge_function(template: Template) -> str:
    """The function that CloudFront runs before the API."""
    (distribution,) = template.of_type("AWS::CloudFront::Distribution").values()
    found = {
        association["FunctionARN"]["Fn::GetAtt"][0]
        for behavior in distribution["DistributionConfig"]["CacheBehaviors"]
        for association in behavior["FunctionAssociations"]
    }
    (id_,) = found
    code: str = template.of_type("AWS::CloudFront::Function")[id_]["FunctionCode"]
    return code


@pytest.mark.parametrize(
    ("headers", "credential"),
    [
        ({}, "none"),
        ({"authorization": {"value": "Key hk_1"}}, "Key hk_1"),
        ({"x-hunch-credential": {"value": "Key hk_2"}}, "none"),
        ({"authorization": {"value": "Key hk_1"}, "x-hunch-credential": {"value": "none"}}, "Key hk_1"),
    ],
)
def test_the_edge_names_the_credential(template: Template, headers: Json, credential: str) -> None:
    """And the address: the true ones, whatever the client says. What nobody reads of the query misses no cache."""
    query = {"limit": {"value": "5"}, "cursor": {"value": "x"}, "utm_source": {"value": "mail"}, "_": {"value": "1"}}
    headers = {**headers, "x-hunch-address": {"value": "192.0.2.9"}}
    request = {"headers": headers, "querystring": query, "uri": "/v1/markets"}
    event = {"request": request, "viewer": {"ip": "198.51.100.7"}}
    program = f"{edge_function(template)}\nconsole.log(JSON.stringify(handler({json.dumps(event)})))"
    said = subprocess.run(["node", "-e", program], capture_output=True, text=True, check=True).stdout  # noqa: S603, S607 -- CDK needs Node too
    sent: dict[str, Any] = json.loads(said)
    assert sent["headers"]["x-hunch-credential"] == {"value": credential}
    assert sent["headers"]["x-hunch-address"] == {"value": "198.51.100.7"}
    assert sent["querystring"] == {"limit": {"value": "5"}, "cursor": {"value": "x"}}


def test_surfaces_get_every_parameter(template: Template) -> None:
    """They have their own, and say themselves which they know."""
    event = {"request": {"headers": {}, "querystring": {"contractId": {"value": "x"}}, "uri": "/v0/bets"}}
    event |= {"viewer": {"ip": "198.51.100.7"}}
    program = f"{edge_function(template)}\nconsole.log(JSON.stringify(handler({json.dumps(event)})))"
    said = subprocess.run(["node", "-e", program], capture_output=True, text=True, check=True).stdout  # noqa: S603, S607 -- CDK needs Node too
    assert json.loads(said)["querystring"] == {"contractId": {"value": "x"}}
    (distribution,) = template.of_type("AWS::CloudFront::Distribution").values()
    patterns = {behavior["PathPattern"] for behavior in distribution["DistributionConfig"]["CacheBehaviors"]}
    assert patterns == {"/v1", "/v1/*", *(path.replace("{proxy+}", "*") for path in SURFACE_OF)}


def test_no_parameter_is_lost_at_the_edge(template: Template) -> None:
    """All that the contract has pass."""
    known = re.search(r"PARAMETERS = (\[.*\])", edge_function(template))
    assert known is not None
    read = {
        parameter["name"]
        for operation in operations(read_document()).values()
        for parameter in operation.get("parameters", ())
        if parameter["in"] == "query"
    }
    assert set(json.loads(known[1])) == read
