"""One deployment for all tests of the folder."""

import os
from collections.abc import Iterator

import pytest

from tests.e2e.deployment import NETWORK, Deployment, finish
from tests.fakes.ministack import Ministack


@pytest.fixture(scope="session")
def aws() -> Iterator[Ministack]:
    """A local AWS with everything that the stack has, whose functions find its Cognito under the real address."""
    server = Ministack(
        "acm",
        "apigateway",
        "cloudformation",
        "cognito-idp",
        "dynamodb",
        "dynamodbstreams",
        "ecr",
        "events",
        "iam",
        "lambda",
        "logs",
        "monitoring",
        "s3",
        "sns",
        "sqs",
        "ssm",
        "sts",
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join((str(NETWORK), *filter(None, (os.environ.get("PYTHONPATH"),)))))
        _ = server.endpoint
    yield server
    server.stop()


@pytest.fixture(scope="session")
def account(aws: Ministack, tmp_path_factory: pytest.TempPathFactory) -> Ministack:
    """The local AWS, prepared for deployments."""
    Deployment(aws, tmp_path_factory.mktemp("account")).bootstrap()
    return aws


@pytest.fixture(scope="session")
def deployment(account: Ministack, tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    """The stack, deployed, and its pages."""
    made = Deployment(account, tmp_path_factory.mktemp("deployment"))
    finish(made.synthesize())
    made.preflight()
    made.deploy()
    made.finish_api()
    made.upload_pages()
    return made
