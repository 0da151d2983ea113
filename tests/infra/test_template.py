"""What matters in the template, beyond what the snapshot shows to have changed."""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from cfnlint.api import lint

from functions.adapter.out.dynamodb.items import to_item
from functions.adapter.out.dynamodb.tables import Tables, create_tables
from functions.registry import FUNCTIONS, Fallback, Http, LedgerStream, Queue, Schedule
from tests.fakes.samples import FULL_BOOK
from tests.infra.conftest import Json, Template, synthesize

SNAPSHOT = Path(__file__).parent / "snapshot.json"
ROOT = Path(__file__).parents[2]
GATEWAY_SECONDS = 29
HASH = re.compile(r"[0-9a-f]{64}|(?<=apideployment)\w+")


class TableWriter:
    """Takes down the tables that are to be created."""

    def __init__(self) -> None:
        self.tables: dict[str, Json] = {}

    def create_table(self, **table: Any) -> None:
        """Create none."""
        self.tables[table["TableName"]] = table


def by_name(items: list[Json], name: str) -> list[Json]:
    """In an order of their own."""
    return sorted(items, key=lambda item: str(item[name]))


def test_the_tables_are_those_of_the_adapter(template: Template) -> None:
    """Keys and indexes are what functions/adapter/out/dynamodb/tables.py creates for tests."""
    writer: Any = TableWriter()
    create_tables(writer, Tables("core", "ledger"))
    deployed = {
        "ledger" if "StreamSpecification" in table else "core": table
        for table in template.of_type("AWS::DynamoDB::Table").values()
    }
    for name, wanted in writer.tables.items():
        table = deployed[name]
        assert table["KeySchema"] == wanted["KeySchema"]
        attributes = by_name(table["AttributeDefinitions"], "AttributeName")
        assert attributes == by_name(wanted["AttributeDefinitions"], "AttributeName")
        indexes = by_name(table["GlobalSecondaryIndexes"], "IndexName")
        assert indexes == by_name(wanted["GlobalSecondaryIndexes"], "IndexName")


def test_no_index_on_what_every_trade_writes(template: Template) -> None:
    """The book is found by its key alone: no index of its table has the table's own keys, or all that a book has."""
    book = to_item(FULL_BOOK)
    for table in template.of_type("AWS::DynamoDB::Table").values():
        for index in table["GlobalSecondaryIndexes"]:
            keys = {key["AttributeName"] for key in index["KeySchema"]}
            assert not {"PK", "SK"} & keys
            assert not keys <= book.keys()


def test_the_tables_are_kept(template: Template) -> None:
    """On demand, restorable to any second, and neither deleted by mistake nor with the stack."""
    tables = template.of_type("AWS::DynamoDB::Table")
    assert len(tables) == 2
    for id_, table in tables.items():
        assert table["BillingMode"] == "PAY_PER_REQUEST"
        assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
        assert table["DeletionProtectionEnabled"] is True
        assert template.document["Resources"][id_]["DeletionPolicy"] == "Retain"


def test_every_function_is_as_the_registry_says(template: Template) -> None:
    """Entry, memory, time, and the queues that it rings."""
    deployed = template.functions()
    assert set(deployed) == {function.name for function in FUNCTIONS}
    for function in FUNCTIONS:
        _, properties = deployed[function.name]
        assert properties["Handler"] == function.handler
        assert properties["MemorySize"] == function.memory_mb
        assert properties["Timeout"] == function.timeout_seconds
        assert properties["Architectures"] == ["arm64"]
        variables = properties["Environment"]["Variables"]
        assert {"CORE_TABLE", "LEDGER_TABLE", "HUNCH_PUBLIC_URL"} <= set(variables)
        rung = {f"{name.upper().replace('-', '_')}_QUEUE_URL" for name in function.rings}
        assert {name for name in variables if name.endswith("_QUEUE_URL")} == rung


def test_timeouts_are_nested(template: Template) -> None:
    """A function ends before the gateway gives up, and before its queue shows a message to somebody else."""
    ids = {id_: name for name, (id_, _) in template.functions().items()}
    queues = template.of_type("AWS::SQS::Queue")
    timeouts = {function.name: function.timeout_seconds for function in FUNCTIONS}
    for function in FUNCTIONS:
        if isinstance(function.trigger, Http | Fallback):
            assert function.timeout_seconds < GATEWAY_SECONDS
    for source in template.of_type("AWS::Lambda::EventSourceMapping").values():
        queue = queues.get(source["EventSourceArn"]["Fn::GetAtt"][0])
        if queue is not None:
            assert queue["VisibilityTimeout"] > timeouts[ids[source["FunctionName"]["Ref"]]]


def test_nothing_is_tried_for_ever(template: Template) -> None:
    """Streams, queues and schedules try again a bounded number of times, and keep what they gave up on."""
    queues = template.of_type("AWS::SQS::Queue")
    sources = list(template.of_type("AWS::Lambda::EventSourceMapping").values())
    assert len(sources) == sum(isinstance(function.trigger, Queue | LedgerStream) for function in FUNCTIONS)
    for source in sources:
        assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        if "StartingPosition" in source:
            assert source["BisectBatchOnFunctionError"] is True
            assert 0 < source["MaximumRetryAttempts"] < 100
            assert source["DestinationConfig"]["OnFailure"]
        else:
            queue = queues[source["EventSourceArn"]["Fn::GetAtt"][0]]
            assert 0 < queue["RedrivePolicy"]["maxReceiveCount"] <= 10
            assert queue["FifoQueue"] is True
    rules = template.of_type("AWS::Events::Rule").values()
    assert len(rules) == sum(isinstance(function.trigger, Schedule) for function in FUNCTIONS)
    for rule in rules:
        (target,) = rule["Targets"]
        assert target["DeadLetterConfig"]
        assert target["RetryPolicy"]["MaximumRetryAttempts"] <= 2
    for configuration in template.of_type("AWS::Lambda::EventInvokeConfig").values():
        assert configuration["MaximumRetryAttempts"] == 0
        assert configuration["DestinationConfig"]["OnFailure"]


def test_a_role_grants_what_the_registry_names(template: Template) -> None:
    """Each function has a role of its own with its entry's item actions by table, and may change nothing else there."""
    tables = {
        id_: "ledger" if "StreamSpecification" in table else "core"
        for id_, table in template.of_type("AWS::DynamoDB::Table").items()
    }
    granted: dict[str, dict[str, set[str]]] = {function.name: {} for function in FUNCTIONS}
    roles = {properties["Role"]["Fn::GetAtt"][0]: name for name, (_, properties) in template.functions().items()}
    assert len(roles) == len(FUNCTIONS)
    for policy in template.of_type("AWS::IAM::Policy").values():
        for role in policy["Roles"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                if name := roles.get(role["Ref"]):
                    _collect(granted[name], statement, tables)
    assert granted == {
        function.name: {table: set(actions) for table, actions in function.tables.items()} for function in FUNCTIONS
    }
    assert not {action for by_table in granted.values() for action in by_table.get("ledger", ())} - {"PutItem", "Query"}


def test_a_role_sends_to_the_queues_that_the_registry_names(template: Template) -> None:
    """And else only to the dead letters of what calls it."""
    queues = template.of_type("AWS::SQS::Queue")
    roles = {properties["Role"]["Fn::GetAtt"][0]: name for name, (_, properties) in template.functions().items()}
    sent: dict[str, set[str]] = {function.name: set() for function in FUNCTIONS}
    for policy in template.of_type("AWS::IAM::Policy").values():
        for statement in policy["PolicyDocument"]["Statement"]:
            if "sqs:SendMessage" in statement["Action"]:
                found = set(re.findall(r'"Fn::GetAtt": \["(\w+)", "Arn"\]', json.dumps(statement["Resource"])))
                assert found <= queues.keys()
                for role in policy["Roles"]:
                    sent[roles[role["Ref"]]] |= {_queue_name(id_) for id_ in found}
    events = {
        function.name: {"events-dead"}
        for function in FUNCTIONS
        if isinstance(function.trigger, LedgerStream | Schedule)
    }
    assert sent == {function.name: {*function.rings} | events.get(function.name, set()) for function in FUNCTIONS}


def _queue_name(logical_id: str) -> str:
    """The name of a queue's construct: what CDK made an id of, without its hash."""
    name = logical_id.removeprefix("queues")[:-8]
    return {"pricehistory": "price-history", "eventsdead": "events-dead"}.get(name, name)


_OF_STREAMS = {"DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"}


def _collect(granted: dict[str, set[str]], statement: Json, tables: dict[str, str]) -> None:
    """Add a statement's actions on the tables."""
    assert statement["Effect"] == "Allow"
    actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
    found = {action.removeprefix("dynamodb:") for action in actions if action.startswith("dynamodb:")} - _OF_STREAMS
    named = {
        tables[id_] for id_ in re.findall(r'"Fn::GetAtt": \["(\w+)", "Arn"\]', json.dumps(statement)) if id_ in tables
    }
    assert bool(found) <= bool(named)
    for table in named if found else ():
        granted.setdefault(table, set()).update(found)


def test_a_cdn_never_gives_one_callers_answer_to_another(template: Template) -> None:
    """The credential is part of what an answer is kept under; the API decides how long."""
    (policy,) = (policy["CachePolicyConfig"] for policy in template.of_type("AWS::CloudFront::CachePolicy").values())
    key = policy["ParametersInCacheKeyAndForwardedToOrigin"]
    assert key["HeadersConfig"] == {"HeaderBehavior": "whitelist", "Headers": ["Authorization"]}
    assert key["QueryStringsConfig"] == {"QueryStringBehavior": "all"}
    assert policy["DefaultTTL"] == 0
    (distribution,) = template.of_type("AWS::CloudFront::Distribution").values()
    behaviors = distribution["DistributionConfig"]["CacheBehaviors"]
    assert {behavior["PathPattern"] for behavior in behaviors} == {"/v1", "/v1/*"}
    for behavior in behaviors:
        assert "DELETE" in behavior["AllowedMethods"]


def test_answers_are_compressed(template: Template) -> None:
    """CloudFront compresses what it keeps by both encodings, and nothing else."""
    (policy,) = (policy["CachePolicyConfig"] for policy in template.of_type("AWS::CloudFront::CachePolicy").values())
    key = policy["ParametersInCacheKeyAndForwardedToOrigin"]
    assert key["EnableAcceptEncodingGzip"] is key["EnableAcceptEncodingBrotli"] is True
    (distribution,) = template.of_type("AWS::CloudFront::Distribution").values()
    for behavior in distribution["DistributionConfig"]["CacheBehaviors"]:
        assert behavior["Compress"] is True


def test_a_second_region_has_names_of_its_own(template: Template) -> None:
    """What has one name in all regions has the region in it: the same stack elsewhere would be refused."""
    named = {
        "AWS::CloudFront::OriginAccessControl": ("OriginAccessControlConfig", "Name"),
        "AWS::CloudFront::ResponseHeadersPolicy": ("ResponseHeadersPolicyConfig", "Name"),
        "AWS::CloudFront::CachePolicy": ("CachePolicyConfig", "Name"),
        "AWS::CloudFront::Function": ("Name",),
        "AWS::CloudWatch::Dashboard": ("DashboardName",),
    }
    for kind, way in named.items():
        for properties in template.of_type(kind).values():
            name: Any = properties
            for member in way:
                name = name[member]
            assert {"Ref": "AWS::Region"} in name["Fn::Join"][1], kind
    for kind in ("AWS::IAM::Role", "AWS::S3::Bucket"):
        assert not any({"RoleName", "BucketName"} & properties.keys() for properties in template.of_type(kind).values())


def test_every_alarm_is_in_the_runbook(template: Template) -> None:
    """With what to look at and to do."""
    runbook = (ROOT / "docs" / "runbook.md").read_text()
    alarms = [
        alarm["AlarmName"].removeprefix("hunch-") for alarm in template.of_type("AWS::CloudWatch::Alarm").values()
    ]
    assert len(alarms) >= 8
    kinds = {re.sub("^(dead-letters|queue-age|stream-age)-.*", r"\1-…", name) for name in alarms}
    assert sorted(kind for kind in kinds if f"`{kind}`" not in runbook) == []


def test_alarms_may_tell(template: Template) -> None:
    """The topic lets the account's alarms publish: a topic with a policy of its own lets nobody else."""
    (policy,) = template.of_type("AWS::SNS::TopicPolicy").values()
    (allowed,) = (statement for statement in policy["PolicyDocument"]["Statement"] if statement["Effect"] == "Allow")
    assert allowed["Action"] == "sns:Publish"
    assert allowed["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert allowed["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    for alarm in template.of_type("AWS::CloudWatch::Alarm").values():
        assert alarm["AlarmActions"] == policy["Topics"]


def test_cfn_lint_finds_nothing(template: Template) -> None:
    """No resource is misspelt, and no value is out of its range."""
    assert lint_findings(template) == []


def lint_findings(template: Template) -> list[str]:
    """What cfn-lint says, but that CDK writes dependencies out although references imply them."""
    found = lint(template.path.read_text(), regions=["eu-west-1"])
    return [str(match) for match in found if match.rule.id != "W3005"]


def test_the_template_is_the_committed_one(template: Template) -> None:
    """Every change of what is deployed is seen in a review. Write it anew with WRITE_SNAPSHOT=1."""
    text = HASH.sub("0" * 64, json.dumps(template.document, indent=1, sort_keys=True)) + "\n"
    if "WRITE_SNAPSHOT" in os.environ:
        SNAPSHOT.write_text(text)
    assert SNAPSHOT.read_text() == text


def test_cfn_lint_finds_nothing_in_the_others_either(other: Template) -> None:
    """A firewall, a domain, an issuer of one's own."""
    assert lint_findings(other) == []


@pytest.mark.parametrize("private", [False, True])
def test_nobody_joins_a_private_instance_unasked(template: Template, tmp_path: Path, *, private: bool) -> None:
    """The pool lets people sign up by themselves where anybody may read, and nowhere else."""
    deployed = synthesize(tmp_path, private_reads=True) if private else template
    (pool,) = deployed.of_type("AWS::Cognito::UserPool").values()
    assert pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is private


def test_the_options_reach_what_they_are_about(other: Template) -> None:
    """An issuer of one's own instead of a pool, a domain, a firewall, and what the functions are told."""
    assert not other.of_type("AWS::Cognito::UserPool")
    assert len(other.of_type("AWS::WAFv2::WebACL")) == 1
    (distribution,) = other.of_type("AWS::CloudFront::Distribution").values()
    assert distribution["DistributionConfig"]["Aliases"] == ["hunch.example"]
    (target,) = other.document["Outputs"]["DomainTarget"]["Value"]["Fn::GetAtt"][1:]
    assert target == "DomainName"
    assert {group["RetentionInDays"] for group in other.of_type("AWS::Logs::LogGroup").values()} == {7}
    for _, properties in other.functions().values():
        assert properties["Architectures"] == ["x86_64"]
        variables = properties["Environment"]["Variables"]
        assert variables["HUNCH_PUBLIC_URL"] == "https://hunch.example"
        assert variables["HUNCH_STARTING_GRANT"] == "500"
        assert variables["HUNCH_PRIVATE"] == "true"
    _, authorizer = other.functions()["authorize"]
    assert authorizer["Environment"]["Variables"]["HUNCH_OIDC_ISSUER"] == "https://issuer.example/tenant"
