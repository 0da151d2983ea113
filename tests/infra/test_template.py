"""What matters in the template, beyond what the snapshot shows to have changed."""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from cfnlint.api import lint

from functions.adapter.out.dynamodb.items import to_item
from functions.adapter.out.dynamodb.tables import Tables, create_callers_table, create_tables
from functions.config.settings import OidcSettings, Settings
from functions.registry import (
    ANSWERS,
    DOORBELLS,
    FUNCTIONS,
    HTTP_TRIGGERS,
    REQUESTS_PER_MINUTE,
    SECRETS,
    SURFACES,
    Authorizer,
    Fallback,
    Http,
    Invocation,
    LedgerStream,
    Queue,
    Schedule,
    Surface,
)
from functions.registry.deployed import CONNECT_AT_START
from infra.constructs.functions import BUSY
from tests.fakes.samples import FULL_BOOK
from tests.infra.conftest import LEDGER_STREAM, Json, Template, synthesize

MOST_RESOURCES = 420
"""Of 500, so that what comes next has room."""
SNAPSHOT = Path(__file__).parent / "snapshot.json"
ROOT = Path(__file__).parents[2]
GATEWAY_SECONDS = 29
CALLERS = "dataCallers8F65C0A8"
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


def kept_tables(template: Template) -> dict[str, Json]:
    """The tables that hold what must not be lost, by their logical ids."""
    return {id_: table for id_, table in template.of_type("AWS::DynamoDB::Table").items() if id_ != CALLERS}


def test_the_tables_are_those_of_the_adapter(template: Template) -> None:
    """Keys and indexes are what functions/adapter/out/dynamodb/tables.py creates for tests."""
    writer: Any = TableWriter()
    create_tables(writer, Tables("core", "ledger"))
    deployed = {
        "ledger" if "StreamSpecification" in table else "core": table for table in kept_tables(template).values()
    }
    create_callers_table(writer, "callers")
    callers = template.of_type("AWS::DynamoDB::Table")[CALLERS]
    for member, value in writer.tables.pop("callers").items():
        assert callers.get(member, value) == value
    for name, wanted in writer.tables.items():
        table = deployed[name]
        assert table["KeySchema"] == wanted["KeySchema"]
        attributes = by_name(table["AttributeDefinitions"], "AttributeName")
        assert attributes == by_name(wanted["AttributeDefinitions"], "AttributeName")
        bare = [
            {name: value for name, value in index.items() if name != "OnDemandThroughput"}
            for index in table["GlobalSecondaryIndexes"]
        ]
        indexes = by_name(bare, "IndexName")
        assert indexes == by_name(wanted["GlobalSecondaryIndexes"], "IndexName")


def test_no_index_on_what_every_trade_writes(template: Template) -> None:
    """The book is found by its key alone: it is in no index but one that has nothing of it that ever changes."""
    book, holding = to_item(FULL_BOOK), list[str]()
    for table in kept_tables(template).values():
        for index in table["GlobalSecondaryIndexes"]:
            keys = {key["AttributeName"] for key in index["KeySchema"]}
            if keys <= book.keys():
                holding.append(index["IndexName"])
                assert keys == {"holds", "PK"}
                assert index["Projection"] == {"ProjectionType": "KEYS_ONLY"}
    assert holding == ["balances"]


def test_the_tables_are_kept(template: Template, other: Template) -> None:
    """On demand, restorable to any second, and not deleted with the stack, nor by hand once they are protected.

    A first deploy that fails, as a new account's may, takes away what it has made.
    """
    for deployed, is_protected in ((template, False), (other, True)):
        tables = kept_tables(deployed)
        assert len(tables) == 2
        for id_, table in tables.items():
            assert table["BillingMode"] == "PAY_PER_REQUEST"
            assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
            assert table["DeletionProtectionEnabled"] is is_protected
            resource = deployed.document["Resources"][id_]
            assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")


def test_the_tables_cannot_cost_any_amount(template: Template) -> None:
    """Each table, and each index of one, has a bound of units a second."""
    bound = {"MaxReadRequestUnits": 2000, "MaxWriteRequestUnits": 1000}
    for table in kept_tables(template).values():
        assert table["OnDemandThroughput"] == bound
        for index in table["GlobalSecondaryIndexes"]:
            assert index["OnDemandThroughput"] == bound


def test_functions_that_people_wait_for_connect_at_their_start(template: Template, adopted: Template) -> None:
    """Those that read a table for an answer; in a snapshot a connection would be dead."""
    waited_for = {
        function.name
        for function in FUNCTIONS
        if isinstance(function.trigger, Http | Surface | Authorizer) and function.tables
    }
    for deployed, expected in ((template, waited_for), (adopted, waited_for - BUSY)):
        functions = deployed.functions().items()
        connecting = {name for name, (_, made) in functions if CONNECT_AT_START in made["Environment"]["Variables"]}
        assert connecting == expected


def test_functions_count_callers(template: Template, other: Template) -> None:
    """All that answer people and read a table; what they note is bounded, expires, and goes with the stack.

    The embedded server has the same limit where others can reach it.
    """
    table = template.of_type("AWS::DynamoDB::Table")[CALLERS]
    assert table["OnDemandThroughput"] == {"MaxReadRequestUnits": 2000, "MaxWriteRequestUnits": 1000}
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    assert template.document["Resources"][CALLERS]["DeletionPolicy"] == "Delete"
    for deployed, limit in ((template, REQUESTS_PER_MINUTE), (other, 60)):
        counting = set()
        for name, (_, properties) in deployed.functions().items():
            variables = properties["Environment"]["Variables"]
            if "CALLERS_TABLE" in variables:
                assert variables["CALLERS_TABLE"] == {"Ref": CALLERS}
                assert variables["HUNCH_RATE_LIMIT"] == str(limit)
                counting.add(name)
        assert counting == {*HTTP_TRIGGERS, *SURFACES} - {"get_health", "get_openapi"}


def test_the_firewall_counts_callers_too(other: Template) -> None:
    """By their credential, before the methods' limits; it refuses with 429 and Retry-After, in the contract's words."""
    (firewall,) = other.of_type("AWS::WAFv2::WebACL").values()
    rates = {
        rule["Name"]: (rule, rule["Statement"]["RateBasedStatement"])
        for rule in firewall["Rules"]
        if "RateBasedStatement" in rule["Statement"]
    }
    assert rates.keys() == {"rate", "caller"}
    for rule, _ in rates.values():
        answer = rule["Action"]["Block"]["CustomResponse"]
        assert answer["ResponseCode"] == 429
        assert answer["ResponseHeaders"] == [{"Name": "Retry-After", "Value": "60"}]
        body = json.loads(firewall["CustomResponseBodies"][answer["CustomResponseBodyKey"]]["Content"])
        assert (body["code"], body["status"]) == ("too-many-requests", 429)
        assert body["type"] == "https://hunch.example/problems/too-many-requests"
    _, statement = rates["caller"]
    assert statement["CustomKeys"][0]["Header"]["Name"] == "Authorization"
    assert (statement["Limit"], statement["EvaluationWindowSec"]) == (60, 60)


ONE_MACHINE = {
    "hosts": "CloudFront answers to its own name and to the domain's",
    "trusted_proxies": "CloudFront names the client",
    "webhooks_to_private": "functions have no network of their own to reach",
    "database_limit": "there is no file; tableWriteUnits bounds what is written",
}
"""The settings that mean nothing on AWS, and why."""


def test_every_setting_has_an_option(template: Template, other: Template) -> None:
    """Or says why it has none: what the functions of a stack with other options start with is no setting's default."""
    default, changed = Settings(), settings_of(other)
    same = {name for name in Settings._fields if getattr(changed, name) == getattr(default, name)}
    assert same == ONE_MACHINE.keys()
    usual = settings_of(template)
    assert usual.requests_per_minute == REQUESTS_PER_MINUTE
    assert usual._replace(oidc=None, public_url=None, requests_per_minute=None) == default
    assert changed.oidc == OidcSettings(
        "https://issuer.example/tenant", ("hunch",), "roles", admin_group="staff", creator_group="authors"
    )


def settings_of(template: Template) -> Settings:
    """What the functions are told, in which CloudFormation fills in what it makes."""
    given: dict[str, str] = {}
    for _, properties in template.functions().values():
        given |= {
            name: value if isinstance(value, str) else "https://made.example"
            for name, value in properties["Environment"]["Variables"].items()
        }
    return Settings.from_environment(given)


def test_every_method_has_a_limit(template: Template) -> None:
    """Reads 200 requests a second, quotes 100, orders 50, and all others 10: a stage's limit is each method's."""
    (stage,) = template.of_type("AWS::ApiGateway::Stage").values()
    limits = {
        (setting["HttpMethod"], setting["ResourcePath"].replace("~1", "/").removeprefix("/")): setting
        for setting in stage["MethodSettings"]
    }
    rates = {place: setting["ThrottlingRateLimit"] for place, setting in limits.items()}
    others = rates.pop(("*", "*"))
    assert others == 10
    for name, trigger in HTTP_TRIGGERS.items():
        wanted = {"quote": 100, "place_order": 50}.get(name, 200 if trigger.method == "GET" else 10)
        assert rates.get((trigger.method, trigger.path), others) == wanted
        if trigger.method == "GET":
            assert rates["HEAD", trigger.path] == wanted
    for path in (path for surface in SURFACES.values() for path in surface.paths):
        assert rates.pop(("POST", f"{path}/{{proxy+}}")) == 50
        assert [rates.pop((method, f"{path}/{{proxy+}}")) for method in ("GET", "HEAD")] == [200, 200]
    assert len(rates) == 2 * sum(trigger.method == "GET" for trigger in HTTP_TRIGGERS.values()) + 2
    for setting in limits.values():
        assert setting["ThrottlingBurstLimit"] == 2 * setting["ThrottlingRateLimit"]


def test_the_budgets_tell_the_topic(template: Template, other: Template) -> None:
    """A month's and a day's; Budgets may publish to the topic; without a budget there is none."""
    budgets = {budget["Budget"]["TimeUnit"]: budget for budget in template.of_type("AWS::Budgets::Budget").values()}
    assert {unit: budget["Budget"]["BudgetLimit"]["Amount"] for unit, budget in budgets.items()} == {
        "MONTHLY": 25,
        "DAILY": 2.5,
    }
    (topic,) = template.of_type("AWS::SNS::Topic")
    for budget in budgets.values():
        for notification in budget["NotificationsWithSubscribers"]:
            assert notification["Subscribers"] == [{"Address": {"Ref": topic}, "SubscriptionType": "SNS"}]
    assert not other.of_type("AWS::Budgets::Budget")


def test_names_are_the_same_in_capitals(template: Template) -> None:
    """Who signed up as Ann@ is who signs in as ann@; a pool never changes what it thinks of that."""
    (pool,) = template.of_type("AWS::Cognito::UserPool").values()
    assert pool["UsernameConfiguration"] == {"CaseSensitive": False}


def test_adopted_tables_are_used_and_not_made(adopted: Template) -> None:
    """By their names, in the functions' variables and their roles, and the ledger's by its stream."""
    assert not kept_tables(adopted)
    for _, properties in adopted.functions().values():
        variables = properties["Environment"]["Variables"]
        assert (variables["CORE_TABLE"], variables["LEDGER_TABLE"]) == ("core-restored", "ledger-restored")
    streams = [source["EventSourceArn"] for source in adopted.of_type("AWS::Lambda::EventSourceMapping").values()]
    assert LEDGER_STREAM in streams
    policies = json.dumps(adopted.of_type("AWS::IAM::Policy"))
    assert ":table/core-restored/index/holders" in policies
    assert ":table/ledger-restored/index/trades" in policies


def test_the_busy_functions_may_start_from_snapshots(adopted: Template, template: Template) -> None:
    """Where the options want it: the gateway invokes a published version of each, and may."""
    for _, properties in template.functions().values():
        assert "SnapStart" not in properties
    with_snapshot = {name for name, (_, function) in adopted.functions().items() if "SnapStart" in function}
    assert with_snapshot == BUSY
    aliases = adopted.of_type("AWS::Lambda::Alias")
    assert len(aliases) == len(adopted.of_type("AWS::Lambda::Version")) == len(BUSY)
    body = json.dumps(adopted.of_type("AWS::ApiGateway::RestApi"))
    for name in adopted.functions():
        assert (f":function:hunch-{name}:live/invocations" in body) == (name in BUSY)
    assert all(f'{{"Ref": "{id_}"}}' in json.dumps(adopted.of_type("AWS::IAM::Policy")) for id_ in aliases)


def test_every_function_is_as_the_registry_says(template: Template) -> None:
    """Entry, memory, time, and the doorbells that it rings."""
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
        own = {function.trigger.name} if isinstance(function.trigger, Queue) else set()
        rung = {DOORBELLS[name].variable for name in function.rings | own}
        assert {name for name in variables if name.endswith(("_QUEUE_URL", "_FUNCTION"))} == rung


def test_timeouts_are_nested(template: Template) -> None:
    """A function ends before the gateway gives up, and before its queue shows a message to somebody else.

    CloudFront waits for longer than the authorizer and a function may take together.
    """
    ids = {id_: name for name, (id_, _) in template.functions().items()}
    queues = template.of_type("AWS::SQS::Queue")
    timeouts = {function.name: function.timeout_seconds for function in FUNCTIONS}
    for function in FUNCTIONS:
        if isinstance(function.trigger, Http | Fallback):
            assert function.timeout_seconds < GATEWAY_SECONDS
    (distribution,) = template.of_type("AWS::CloudFront::Distribution").values()
    origins = [origin.get("CustomOriginConfig") for origin in distribution["DistributionConfig"]["Origins"]]
    answering = [name for name in timeouts if name in HTTP_TRIGGERS or name in SURFACES]
    (waits,) = [origin["OriginReadTimeout"] for origin in origins if origin]
    assert waits > timeouts["authorize"] + max(timeouts[name] for name in answering)
    for source in template.of_type("AWS::Lambda::EventSourceMapping").values():
        queue = queues.get(source["EventSourceArn"]["Fn::GetAtt"][0])
        if queue is not None:
            assert queue["VisibilityTimeout"] > timeouts[ids[source["FunctionName"]["Ref"]]]


def test_nothing_is_tried_for_ever(template: Template) -> None:
    """Streams, queues and schedules try again a bounded number of times, and keep what they gave up on."""
    queues = template.of_type("AWS::SQS::Queue")
    sources = list(template.of_type("AWS::Lambda::EventSourceMapping").values())
    batches = {
        function.trigger.name: function.trigger.batch_size
        for function in FUNCTIONS
        if isinstance(function.trigger, Queue)
    }
    assert batches["settlement"] == 1  # a slow market would hold up the others of its batch
    assert len(sources) == sum(isinstance(function.trigger, Queue | LedgerStream) for function in FUNCTIONS)
    for source in sources:
        assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        if "StartingPosition" in source:
            assert source["BisectBatchOnFunctionError"] is True
            assert 0 < source["MaximumRetryAttempts"] < 100
            assert source["DestinationConfig"]["OnFailure"]
        else:
            queue = queues[source["EventSourceArn"]["Fn::GetAtt"][0]]
            assert source["BatchSize"] == batches[_queue_name(source["EventSourceArn"]["Fn::GetAtt"][0])]
            assert 0 < queue["RedrivePolicy"]["maxReceiveCount"] <= 10
            assert queue["FifoQueue"] is True
    rules = template.of_type("AWS::Events::Rule").values()
    assert len(rules) == sum(isinstance(function.trigger, Schedule) for function in FUNCTIONS)
    for rule in rules:
        (target,) = rule["Targets"]
        assert target["DeadLetterConfig"]
        assert target["RetryPolicy"]["MaximumRetryAttempts"] <= 2
    configurations = template.of_type("AWS::Lambda::EventInvokeConfig").values()
    assert len(configurations) == sum(isinstance(function.trigger, Schedule | Invocation) for function in FUNCTIONS)
    for configuration in configurations:
        assert configuration["MaximumRetryAttempts"] <= 2
        assert configuration["DestinationConfig"]["OnFailure"]


def test_a_role_grants_what_the_registry_names(template: Template) -> None:
    """Each function has a role of its own with its entry's item actions by table, and may change nothing else there."""
    tables = {
        id_: "ledger" if "StreamSpecification" in table else "core" for id_, table in kept_tables(template).items()
    }
    (callers,) = template.of_type("AWS::DynamoDB::Table").keys() - tables.keys()
    tables[callers] = "callers"
    granted: dict[str, dict[str, set[str]]] = {function.name: {} for function in FUNCTIONS}
    roles = {properties["Role"]["Fn::GetAtt"][0]: name for name, (_, properties) in template.functions().items()}
    assert len(roles) == len(FUNCTIONS)
    for policy in template.of_type("AWS::IAM::Policy").values():
        for role in policy["Roles"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                if name := roles.get(role["Ref"]):
                    _collect(granted[name], statement, tables)
    assert granted == {
        function.name: {table: set(actions) for table, actions in function.tables.items()}
        | ({"callers": {"UpdateItem"}} if function.counts_callers else {})
        for function in FUNCTIONS
    }
    assert not {action for by_table in granted.values() for action in by_table.get("ledger", ())} - {"PutItem", "Query"}


def test_the_secrets_are_closed_to_all_who_do_not_sign(template: Template) -> None:
    """Every role that reads or writes core refuses their partition, but those of functions that sign or verify."""
    refusing, writing = set[str](), dict[str, list[str]]()
    roles = {properties["Role"]["Fn::GetAtt"][0]: name for name, (_, properties) in template.functions().items()}
    for policy in template.of_type("AWS::IAM::Policy").values():
        for statement in policy["PolicyDocument"]["Statement"]:
            condition = json.dumps(statement.get("Condition", {}))
            if "dynamodb:LeadingKeys" in condition:
                (role,) = policy["Roles"]
                if statement["Effect"] == "Deny":
                    assert statement["Condition"] == {"ForAnyValue:StringEquals": {"dynamodb:LeadingKeys": [SECRETS]}}
                    assert statement["Action"] == "dynamodb:*"
                    refusing.add(roles[role["Ref"]])
                else:
                    assert statement["Action"] == "dynamodb:PutItem"
                    partitions = statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
                    writing[roles[role["Ref"]]] = partitions
    assert refusing == {function.name for function in FUNCTIONS if "core" in function.tables and not function.secrets}
    assert writing == {"authorize": ["A#*", "B#*", SECRETS]}


def test_a_role_rings_the_doorbells_that_the_registry_names(template: Template) -> None:
    """By their queues or by invoking who answers, and sends else only to the dead letters of what calls it."""
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
            if "lambda:InvokeFunction" in statement["Action"]:
                names = set(re.findall(r":function:hunch-(\w+)", json.dumps(statement["Resource"])))
                rung = {bell for bell, function in ANSWERS.items() if function.name in names}
                assert len(rung) == len(names)
                for role in policy["Roles"]:
                    if role["Ref"] in roles:
                        sent[roles[role["Ref"]]] |= rung
    events = {
        function.name: {"events-dead"}
        for function in FUNCTIONS
        if isinstance(function.trigger, LedgerStream | Schedule | Invocation)
    }
    assert sent == {function.name: {*function.rings} | events.get(function.name, set()) for function in FUNCTIONS}


def _queue_name(logical_id: str) -> str:
    """The name of a queue's construct: what CDK made an id of, without its hash."""
    name = logical_id.removeprefix("queues")[:-8]
    return {
        "pricehistory": "price-history",
        "eventsdead": "events-dead",
        "webhookdeliveries": "webhook-deliveries",
    }.get(name, name)


_OF_STREAMS = {"DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"}


def _collect(granted: dict[str, set[str]], statement: Json, tables: dict[str, str]) -> None:
    """Add a statement's actions on the tables."""
    if statement["Effect"] == "Deny":
        return
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
    surfaces = {f"{path}/*" for surface in SURFACES.values() for path in surface.paths}
    assert {behavior["PathPattern"] for behavior in behaviors} == {"/v1", "/v1/*", *surfaces}
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


def test_subdomains_are_their_owners(template: Template, other: Template) -> None:
    """Browsers reach this name by https only, and those below it, which may be others', where that is wished."""
    for deployed, is_wished in ((template, False), (other, True)):
        (policy,) = deployed.of_type("AWS::CloudFront::ResponseHeadersPolicy").values()
        security = policy["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]["StrictTransportSecurity"]
        assert security["AccessControlMaxAgeSec"] == 365 * 24 * 3600
        assert security["IncludeSubdomains"] is is_wished


def test_there_is_room_for_more(tmp_path: Path) -> None:
    """With every option that adds something, a pool of its own and all functions, it is far from 500 resources."""
    heaviest = synthesize(
        tmp_path,
        domain="hunch.example",
        certificate="arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-4000-8000-000000000000",
        waf=True,
        dashboard=True,
        push="appsync",
        snap_start=True,
        mail_from="hunch@example.org",
        protect=True,
    )
    assert len(heaviest.functions()) == len(FUNCTIONS)
    assert len(heaviest.document["Resources"]) <= MOST_RESOURCES


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
    assert 8 <= len(alarms) <= 10
    described = set(re.findall(r"^\| `([a-z-]+)` \|", section(runbook, "AWS: alarms"), re.MULTILINE))
    assert set(alarms) == described


def section(document: str, title: str) -> str:
    """What stands under a heading."""
    return document.split(f"\n## {title}\n")[1].split("\n## ", maxsplit=1)[0]


def test_a_handful_of_requests_is_no_percentile(template: Template) -> None:
    """The p99 of a few is the slowest of them: an alarm over percentiles waits until there are enough."""
    alarms = template.of_type("AWS::CloudWatch::Alarm").values()
    over_percentiles = [alarm for alarm in alarms if alarm.get("ExtendedStatistic")]
    assert over_percentiles
    for alarm in over_percentiles:
        assert alarm["EvaluateLowSampleCountPercentile"] == "ignore"


def test_alarms_may_tell(template: Template) -> None:
    """The topic lets the account's alarms and budgets publish: a topic with a policy of its own lets nobody else."""
    (policy,) = template.of_type("AWS::SNS::TopicPolicy").values()
    allowed = [statement for statement in policy["PolicyDocument"]["Statement"] if statement["Effect"] == "Allow"]
    (statement,) = allowed
    assert set(statement["Principal"]["Service"]) == {"cloudwatch.amazonaws.com", "budgets.amazonaws.com"}
    assert statement["Action"] == "sns:Publish"
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
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


def test_cfn_lint_finds_nothing_over_adopted_tables(adopted: Template) -> None:
    """Nor in snapshots."""
    assert lint_findings(adopted) == []
    (pool,) = adopted.of_type("AWS::Cognito::UserPool").values()
    assert pool["EmailConfiguration"]["From"] == "hunch@example.org"


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
