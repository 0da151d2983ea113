"""What would make a deploy fail, found before it begins: ``python -m infra.preflight [-c name=value]``.

`make deploy` begins with it. Each problem is one line that says what to do. It only reads.
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, NamedTuple

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra.bundles import context_of
from infra.costs import Costs, total
from infra.options import InvalidOptionError, Options

type Connect = Callable[[str], Any]
"""Makes a client of a service of AWS."""

BOOTSTRAP = "/cdk-bootstrap/hnb659fds/version"
BOOTSTRAP_VERSION = 6
ENOUGH_AT_ONCE = 100
"""Functions at once: a page is five requests, each an authorizer and a function, and new accounts have ten."""
_UNDEPLOYABLE = frozenset({"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED"})
_MISSING = frozenset({"ParameterNotFound", "ResourceNotFoundException", "ValidationError"})


class Finding(NamedTuple):
    """Something to know before a deploy.

    Args:
        text: one line, with what to do.
        is_fatal: whether the deploy would fail.
    """

    text: str
    is_fatal: bool = True

    def __str__(self) -> str:
        return f"{'Problem' if self.is_fatal else 'Note'}: {self.text}"


@dataclass(frozen=True)
class Preflight:
    """The account and the region, against what is going to be deployed.

    Args:
        options: of the deployment.
        region: where to.
        connect: makes clients of that region.
    """

    options: Options
    region: str
    connect: Connect

    def findings(self) -> Iterator[Finding]:
        """All there is to say; without credentials nothing else can be asked.

        Raises:
            ClientError: an answer that says something else than what is asked for, such as a right that is missing.
        """
        try:
            account = self.connect("sts").get_caller_identity()["Account"]
        except (ClientError, BotoCoreError) as error:
            yield Finding(
                f"AWS does not know you ({error}). Sign in: `aws configure`, `aws sso login`, or AWS_PROFILE."
            )
            return
        yield from self._bootstrap(account)
        yield from self._room()
        if self._stack is None:
            yield from self._names(account)
        else:
            yield from self._state(self._stack)
        if self.options.core_table:
            yield from self._adopted()

    def _bootstrap(self, account: str) -> Iterator[Finding]:
        answer = _found(lambda: self.connect("ssm").get_parameter(Name=BOOTSTRAP))
        if answer is None or int(answer["Parameter"]["Value"]) < BOOTSTRAP_VERSION:
            yield Finding(
                f"CDK is not set up in {account}/{self.region}: "
                f"`infra/node_modules/.bin/cdk bootstrap aws://{account}/{self.region}`, once."
            )

    def _room(self) -> Iterator[Finding]:
        limit = self.connect("lambda").get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
        if limit < ENOUGH_AT_ONCE:
            yield Finding(
                f"the account runs {limit} functions at once, so some requests will be 503: ask for 1000 in Service "
                "Quotas, AWS Lambda, Concurrent executions (L-B99A9384).",
                is_fatal=False,
            )

    @cached_property
    def _stack(self) -> Mapping[str, Any] | None:
        answer = _found(lambda: self.connect("cloudformation").describe_stacks(StackName=self.options.name))
        return None if answer is None else answer["Stacks"][0]

    def _state(self, stack: Mapping[str, Any]) -> Iterator[Finding]:
        name, status = self.options.name, stack["StackStatus"]
        if status in _UNDEPLOYABLE:
            yield Finding(
                f"the stack {name} is {status}, and cannot be deployed over: `aws cloudformation delete-stack "
                f"--stack-name {name}`, and begin anew."
            )
        elif not self.options.protect and not self.options.local:
            yield Finding(
                "tables and people can be deleted by hand: set `protect` to true in cdk.json, now that it is deployed.",
                is_fatal=False,
            )

    def _names(self, account: str) -> Iterator[Finding]:
        """What an earlier stack of the name, or another one, has left behind."""
        name = self.options.name
        if _found(lambda: self.connect("lambda").get_function(FunctionName=f"{name}-get_health")) is not None:
            yield Finding(f"there are functions named {name}-… already: choose another `name`.")
        if not self.options.oidc_issuer:
            prefix = f"{name}-{account}"
            described = self.connect("cognito-idp").describe_user_pool_domain(Domain=prefix)["DomainDescription"]
            if pool := described.get("UserPoolId"):
                yield Finding(
                    f"the pool {pool} of an earlier stack has the sign-in address {prefix}: `aws cognito-idp "
                    f"delete-user-pool-domain --domain {prefix} --user-pool-id {pool}`, or choose another `name`."
                )
        if not self.options.local:
            yield from self._cloudfront_names()

    def _cloudfront_names(self) -> Iterator[Finding]:
        wanted = f"{self.options.name}-{self.region}"
        answer = self.connect("cloudfront").list_response_headers_policies(Type="custom")
        for item in answer["ResponseHeadersPolicyList"].get("Items", ()):
            policy = item["ResponseHeadersPolicy"]
            if policy["ResponseHeadersPolicyConfig"]["Name"] == wanted:
                yield Finding(
                    f"CloudFront has a response headers policy {wanted} already: `aws cloudfront "
                    f"delete-response-headers-policy --id {policy['Id']}`, or choose another `name`."
                )

    def _adopted(self) -> Iterator[Finding]:
        """Tables to adopt are there, and the ledger has the stream that is named."""
        database = self.connect("dynamodb")
        for option, name in (("coreTable", self.options.core_table), ("ledgerTable", self.options.ledger_table)):
            answer = _found(partial(database.describe_table, TableName=name))
            if answer is None:
                yield Finding(f"{option}: there is no table {name} in {self.region}.")
                continue
            table = answer["Table"]
            if option == "ledgerTable" and table.get("LatestStreamArn") != self.options.ledger_stream:
                yield Finding(
                    f"ledgerStream: the stream of {name} is {table.get('LatestStreamArn') or 'off'}; `aws dynamodb "
                    f"update-table --table-name {name} --stream-specification "
                    "StreamEnabled=true,StreamViewType=NEW_IMAGE` switches one on and says its ARN."
                )


def _found(ask: Callable[[], Any]) -> Any:  # noqa: ANN401 -- each service answers something else
    """What AWS answers; None where it says that there is nothing.

    Raises:
        ClientError: it says something else.
    """
    try:
        return ask()
    except ClientError as error:
        if error.response["Error"]["Code"] not in _MISSING:
            raise
        return None


def _idle(options: Options) -> str:
    """What the synthesized stack will cost while nobody comes."""
    dollars = total(Costs.of_synthesized(options.name).idle())
    return f"Idle it costs ${dollars:.2f} a month at list price; the alarms tell of ${options.monthly_budget} and more."


def main() -> None:
    """Say what is in the way, and what it will cost; fail when a deploy would."""
    try:
        options = Options.from_context(context_of(sys.argv[1:]))
    except InvalidOptionError as error:
        sys.exit(f"cdk.json, or -c on the command line: {error}")
    session = boto3.Session()
    region = os.environ.get("AWS_REGION") or session.region_name
    if region is None:
        sys.exit(str(Finding("no region is chosen: set AWS_REGION, such as `export AWS_REGION=eu-west-1`.")))
    connect: Any = session.client  # which service is not known here
    try:
        findings = list(Preflight(options, region, lambda service: connect(service, region_name=region)).findings())
    except (ClientError, BotoCoreError) as error:
        sys.exit(str(Finding(f"AWS cannot be asked: {error}")))
    for finding in findings:
        print(finding)  # noqa: T201 -- its output
    if any(finding.is_fatal for finding in findings):
        sys.exit(1)
    print(_idle(options))  # noqa: T201 -- its output


if __name__ == "__main__":
    main()
