"""Every function of the registry starts from its built bundle, in an environment that has nothing else, and answers.

`make bundles` has built them; what is deployed is what is tested.
"""

import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from functions.adapter.out.dynamodb.tables import Tables, create_callers_table, create_tables
from functions.registry import (
    DOORBELLS,
    FUNCTIONS,
    Authorizer,
    Fallback,
    Function,
    Http,
    Invocation,
    LedgerStream,
    Profile,
    Queue,
    Surface,
)
from infra.bundles import LIMIT_BYTES, build, own_modules, profiles
from tests.e2e.deployment import ARCHITECTURE, ROOT
from tests.fakes.dynamodb import connect
from tests.fakes.lambda_environment import Answer, start_environment, unpacked
from tests.fakes.ministack import Ministack
from tests.integration.events.shapes import Json, raw_stream_record, ring_record, schedule_event
from tests.integration.lambda_.gateway import authorizer, proxy_event

BUNDLES = ROOT / "build" / "bundles"
TABLES = Tables(core="bundles-core", ledger="bundles-ledger")
FOREIGN = ("tests/", "infra/", "aws_cdk/", "pytest/", "moto/", "uvicorn/", "functions/embedded/", "bin/")


@pytest.fixture(scope="module")
def tasks() -> Iterator[Mapping[Profile, Path]]:
    """The bundles as Lambda has them on disk."""
    with ExitStack() as stack:
        yield {profile: stack.enter_context(unpacked(bundle_of(profile))) for profile in profiles()}


@pytest.fixture(scope="module")
def variables() -> Iterator[Mapping[str, str]]:
    """What the functions find in their environment: empty tables, and where the queues would be."""
    server = Ministack("dynamodb", "dynamodbstreams", "sqs")
    create_tables(connect(server.endpoint), TABLES)
    create_callers_table(connect(server.endpoint), "bundles-callers")
    yield {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_ENDPOINT_URL": server.endpoint,
        "CORE_TABLE": TABLES.core,
        "LEDGER_TABLE": TABLES.ledger,
        "CALLERS_TABLE": "bundles-callers",
        "HUNCH_RATE_LIMIT": "60",
        **{
            DOORBELLS[name].variable: f"{server.endpoint}/000000000000/{name}.fifo"
            for function in FUNCTIONS
            for name in function.rings
        },
    }
    server.stop()


def bundle_of(profile: Profile) -> Path:
    """A bundle for this machine."""
    return BUNDLES / f"{profile.value}-{ARCHITECTURE}.zip"


def event_for(function: Function) -> Json:
    """An event that the function can answer although there is nothing in its tables."""
    match function.trigger:
        case Http(method=method, path=path):
            return proxy_event(method, re.sub(r"\{\w+\}", "nothing", path), identity=authorizer("ann"))
        case Surface() | Fallback():
            path = function.trigger.paths[0] if isinstance(function.trigger, Surface) else "/v1"
            return proxy_event("GET", f"{path}/nothing")
        case Authorizer():
            headers = {"Authorization": "Key hk_nothing"}
            return {"methodArn": "arn:aws:execute-api:eu-west-1:0:api/prod/GET/v1/portfolio", "headers": headers}
        case Invocation() | Queue():
            rung = isinstance(function.trigger, Invocation)
            return {"market": "nothing"} if rung else {"Records": [ring_record("nothing")]}
        case LedgerStream():
            keys = {"PK": {"S": "A#ann"}, "SK": {"S": "E#1"}}
            return {"Records": [raw_stream_record(keys, keys, 1)]}
        case _:
            return schedule_event(function.name) | {"request": {"userAttributes": {"sub": "ann"}}}


def assert_answered(function: Function, answer: Answer) -> None:
    """The function itself has answered: no import failed, and nothing that nobody expected."""
    match function.trigger:
        case Http() | Surface() | Fallback():
            assert not answer.is_error, answer.content
            assert answer.content["statusCode"] < 500, answer.content
            assert answer.content["headers"]["x-request-id"]
        case Authorizer():
            assert answer.is_error
            assert answer.content["errorMessage"] == "Unauthorized"
        case Queue() | LedgerStream():
            assert not answer.is_error, answer.content
            assert answer.content.keys() == {"batchItemFailures"}
        case _:
            assert not answer.is_error, answer.content


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_a_function_answers_from_its_bundle(
    function: Function, tasks: Mapping[Profile, Path], variables: Mapping[str, str]
) -> None:
    """Under Lambda's own runtime client."""
    with start_environment(tasks[function.profile], function.handler, variables) as environment:
        assert environment.wait_until_ready() > 0
        assert_answered(function, environment.invoke(event_for(function)))


@pytest.mark.parametrize("profile", profiles(), ids=lambda profile: profile.value)
def test_a_bundle_holds_what_it_needs_and_no_more(profile: Profile) -> None:
    """Nothing of tests, CDK or the embedded server, no code of ours that no handler imports, and not much in all."""
    bundle = bundle_of(profile)
    with zipfile.ZipFile(bundle) as archive:
        names = archive.namelist()
    assert not [name for name in names if name.startswith(FOREIGN)]
    ours = {name for name in names if name.startswith(("domain/", "functions/")) and name.endswith(".py")}
    assert {name.removesuffix("/__init__.py").removesuffix(".py").replace("/", ".") for name in ours} == own_modules(
        profile
    )
    compiled = {name for name in names if name.endswith(".pyc")}
    assert len(compiled) == sum(name.endswith(".py") for name in names)
    assert bundle.stat().st_size <= LIMIT_BYTES


@pytest.mark.parametrize("profile", profiles(), ids=lambda profile: profile.value)
def test_two_builds_are_the_same(profile: Profile, tmp_path: Path) -> None:
    """To the bit; so an unchanged function is not deployed again."""
    assert build(profile, ARCHITECTURE, tmp_path).path.read_bytes() == bundle_of(profile).read_bytes()


def test_the_authorizer_can_verify_signatures(tasks: Mapping[Profile, Path]) -> None:
    """Its library for tokens would start without its library for keys, and refuse every token."""
    program = f"import sys; sys.path.insert(0, {str(tasks[Profile.AUTHORIZER])!r}); "
    program += "from jwt.algorithms import get_default_algorithms; get_default_algorithms()['RS256']"
    subprocess.run([sys.executable, "-I", "-S", "-c", program], check=True)  # noqa: S603 -- all of its words are ours
