"""One Lambda function for each entry of the registry, in a role of its own that grants what the entry names."""

from collections.abc import Iterator, Mapping, Sequence

from aws_cdk import ArnFormat, Duration, Stack, aws_iam, aws_lambda, aws_logs, aws_sqs
from constructs import Construct

from functions.registry import (
    ANSWERS,
    DOORBELLS,
    FUNCTIONS,
    SECRETS,
    Authorizer,
    Function,
    Http,
    Queue,
    SignUp,
    Surface,
)
from functions.registry.deployed import CONNECT_AT_START
from infra.constructs.data import Data
from infra.constructs.logs import log_group
from infra.options import Options

_RUNTIME = aws_lambda.Runtime.PYTHON_3_13
_ARCHITECTURES = {"arm64": aws_lambda.Architecture.ARM_64, "x86_64": aws_lambda.Architecture.X86_64}
BUSY = frozenset({"authorize", "get_market", "list_markets", "place_order", "quote"})
"""What people wait for most. A snapshot costs by the hour, so the others have none."""
LIVE = "live"
"""The alias of the version that has a snapshot."""
_INDEXED_ACTIONS = frozenset({"Query", "Scan"})
_WRITING_ACTIONS = frozenset({"DeleteItem", "PutItem"})
_COUNTING_ACTIONS = frozenset({"UpdateItem"})
_CORE = "core"
_PARTITIONS = "dynamodb:LeadingKeys"


class Functions(Construct):
    """Every function, without what calls it.

    Args:
        options: of this deployment.
        data: the tables.
        queues: by the registry's names.
        variables: what every function finds in its environment.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        options: Options,
        data: Data,
        queues: Mapping[str, aws_sqs.IQueue],
        variables: Mapping[str, str],
    ) -> None:
        super().__init__(scope, id_)
        self._options = options
        self._data = data
        self._queues = queues
        self._variables = {
            **variables,
            **{f"{name.upper()}_TABLE": table.table_name for name, table in data.tables.items()},
        }
        self._made = {function.name: self._make(function) for function in FUNCTIONS}

    def __getitem__(self, name: str) -> aws_lambda.Function:
        return self._made[name]

    def invoked(self, name: str) -> aws_lambda.IFunction:
        """What the gateway invokes: the function, or where it starts from a snapshot, the version that has one."""
        if not starts_from_snapshot(name, self._options):
            return self[name]
        return aws_lambda.Alias(self, f"{name}-live", alias_name=LIVE, version=self[name].current_version)

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def tell(self, variables: Mapping[str, str]) -> None:
        """Give more variables to all functions but those that a user pool calls: the pool waits for them."""
        for function in FUNCTIONS:
            if not isinstance(function.trigger, SignUp):
                for name, value in variables.items():
                    self[function.name].add_environment(name, value)

    def _make(self, function: Function) -> aws_lambda.Function:
        options = self._options
        logs = log_group(self, f"{function.name}-logs", options)
        return aws_lambda.Function(
            self,
            function.name,
            function_name=self._name(function),
            description=f"Hunch: {function.name}",
            runtime=_RUNTIME,
            architecture=_ARCHITECTURES[options.architecture],
            code=aws_lambda.Code.from_asset(str(options.bundle(function.profile))),
            handler=function.handler,
            memory_size=function.memory_mb,
            timeout=Duration.seconds(function.timeout_seconds),
            snap_start=aws_lambda.SnapStartConf.ON_PUBLISHED_VERSIONS
            if starts_from_snapshot(function.name, options)
            else None,
            role=self._role(function, logs),
            log_group=logs,
            environment={
                **self._variables,
                **self._callers(function),
                **self._doorbells(function),
                **self._connecting(function),
            },
        )

    def _role(self, function: Function, logs: aws_logs.ILogGroup) -> aws_iam.Role:
        """A role that allows to log, what the entry names, and nothing else."""
        role = aws_iam.Role(self, f"{function.name}-role", assumed_by=aws_iam.ServicePrincipal("lambda.amazonaws.com"))
        logs.grant_write(role)
        tables = self._tables(function)
        for name, actions in sorted(tables.items()):
            table = self._data.tables[name].table_arn
            indexes = [f"{table}/index/{index}" for index in self._data.indexes[name]]
            written = actions & _WRITING_ACTIONS
            only_in = function.writes if name == _CORE else None
            if only_in is not None:
                secrets = {SECRETS} if function.secrets else set()
                _allow(role, written, table, partitions=sorted({f"{start}*" for start in only_in} | secrets))
            _allow(role, actions - _INDEXED_ACTIONS - (written if only_in is not None else frozenset()), table)
            _allow(role, actions & _INDEXED_ACTIONS, table, *indexes)
            if name == _CORE and not function.secrets:
                role.add_to_policy(_without_secrets(table))
        if function.counts_callers:
            _allow(role, _COUNTING_ACTIONS, self._data.callers.table_arn)
        for name in sorted(function.rings):
            role.add_to_policy(self._ringing(name))
        return role

    def _tables(self, function: Function) -> Mapping[str, frozenset[str]]:
        """The item actions of its entry, and those that hints take where there are any."""
        besides = (function.hints or {}) if self._options.pushes else {}
        names = function.tables.keys() | besides.keys()
        return {name: function.tables.get(name, frozenset()) | besides.get(name, frozenset()) for name in names}

    def _callers(self, function: Function) -> Mapping[str, str]:
        """Where it counts callers, and how often they may ask."""
        if not function.counts_callers:
            return {}
        return {
            "CALLERS_TABLE": self._data.callers.table_name,
            "HUNCH_RATE_LIMIT": str(self._options.requests_per_minute),
        }

    def _connecting(self, function: Function) -> Mapping[str, str]:
        """Whether it opens its connection to the tables while it starts. One in a snapshot would be closed by then."""
        is_waited_for = isinstance(function.trigger, Http | Surface | Authorizer) and bool(function.tables)
        return (
            {CONNECT_AT_START: "1"} if is_waited_for and not starts_from_snapshot(function.name, self._options) else {}
        )

    def _ringing(self, doorbell: str) -> aws_iam.PolicyStatement:
        """What ringing takes. A function's address is made of its name, since functions may ring one another."""
        if doorbell in self._queues:
            return aws_iam.PolicyStatement(actions=["sqs:SendMessage"], resources=[self._queues[doorbell].queue_arn])
        answers = Stack.of(self).format_arn(
            service="lambda",
            resource="function",
            resource_name=self._name(ANSWERS[doorbell]),
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        return aws_iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=[answers])

    def _doorbells(self, function: Function) -> Mapping[str, str]:
        """What answers the doorbells that it rings, and the queue whose messages it shows again sooner."""
        own = {function.trigger.name} if isinstance(function.trigger, Queue) else set()
        return {DOORBELLS[name].variable: self._answer(name) for name in sorted(function.rings | own)}

    def _answer(self, doorbell: str) -> str:
        if doorbell in self._queues:
            return self._queues[doorbell].queue_url
        return self._name(ANSWERS[doorbell])

    def _name(self, function: Function) -> str:
        return f"{self._options.name}-{function.name}"


def starts_from_snapshot(name: str, options: Options) -> bool:
    """Whether a function is one of the busy ones, and the options want snapshots."""
    return options.snap_start and name in BUSY


def _allow(
    role: aws_iam.Role, actions: frozenset[str], *resources: str, partitions: Sequence[str] | None = None
) -> None:
    """The item actions of a transaction are what DynamoDB asks for, not an action of the transaction itself."""
    if actions:
        role.add_to_policy(
            aws_iam.PolicyStatement(
                actions=[f"dynamodb:{action}" for action in sorted(actions)],
                resources=list(resources),
                conditions={"ForAllValues:StringLike": {_PARTITIONS: list(partitions)}} if partitions else None,
            )
        )


def _without_secrets(table: str) -> aws_iam.PolicyStatement:
    """Closes the partition of the instance's secrets. A scan names no partition, so the audit's is not held by it."""
    return aws_iam.PolicyStatement(
        effect=aws_iam.Effect.DENY,
        actions=["dynamodb:*"],
        resources=[table],
        conditions={"ForAnyValue:StringEquals": {_PARTITIONS: [SECRETS]}},
    )
