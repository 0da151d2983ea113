"""What watches the service: an alarm for each thing that somebody has to look at, and a dashboard for who wants one.

An alarm costs $.10 a month for each metric it looks at, so what another one sees as well has none of its own.
"""

from collections.abc import Iterable, Sequence

from aws_cdk import Aws, Duration, aws_cloudwatch, aws_cloudwatch_actions, aws_iam, aws_sns
from aws_cdk.aws_cloudwatch import ComparisonOperator, TreatMissingData
from constructs import Construct

from functions.registry import FUNCTIONS, SETTLEMENT, Invocation, LedgerStream, Queue, SignUp
from infra.constructs.api import Api
from infra.constructs.data import Data
from infra.constructs.events import Queues
from infra.constructs.functions import Functions
from infra.options import Options

_PERIOD = Duration.minutes(5)
SERVER_ERRORS = 5
"""Failures in five minutes, three times in a row or more: one is a client's bad luck, these are not."""
SLOW_MILLISECONDS = 3000
THROTTLES = 10
AGE_SECONDS = 10 * 60


class Monitoring(Construct):
    """The alarms, and the dashboard where the options want it. Each alarm has its section in docs/runbook.md.

    Args:
        options: of this deployment.
        api: the HTTP API.
        functions: all of them.
        queues: whose dead letters are counted.
        data: the tables.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        options: Options,
        api: Api,
        functions: Functions,
        queues: Queues,
        data: Data,
    ) -> None:
        super().__init__(scope, id_)
        self._options = options
        self.topic = aws_sns.Topic(self, "alarms", enforce_ssl=True)
        # A policy of its own takes the place of the one by which anybody in the account might publish.
        self.topic.add_to_resource_policy(
            aws_iam.PolicyStatement(
                actions=["sns:Publish"],
                principals=[aws_iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                resources=[self.topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
            )
        )
        rest_api = api.rest_api
        self._alarm("server-errors", rest_api.metric_server_error(period=_PERIOD, statistic="Sum"), SERVER_ERRORS, 3)
        self._alarm("slow", rest_api.metric_latency(period=_PERIOD, statistic="p99"), SLOW_MILLISECONDS, 3)
        self._alarm("sign-up-failed", self._counted("failed", *_named(SignUp)), 1)
        self._alarm("ledger-modified", self._counted("modified", *_named(LedgerStream)), 1)
        self._alarm("books-wrong", self._counted("wrong", "audit_ledger"), 1)
        settlement = queues.queues[SETTLEMENT]
        age = settlement.metric_approximate_age_of_oldest_message(period=_PERIOD, statistic="Maximum")
        self._alarm("settlement-age", age, AGE_SECONDS)
        if not options.local:
            self._watch_several(functions, queues, data)
        if options.dashboard:
            self._dashboard(api, queues, data)

    def _watch_several(self, functions: Functions, queues: Queues, data: Data) -> None:
        """The alarms over more than one metric, which no local endpoint has."""
        visible = [
            queue.metric_approximate_number_of_messages_visible(period=_PERIOD, statistic="Maximum")
            for queue in queues.dead_letters.values()
        ]
        self._alarm("dead-letters", _total(*visible), 1)
        # Of all functions of the account, which share its room.
        refused = aws_cloudwatch.Metric(
            namespace="AWS/Lambda", metric_name="Throttles", statistic="Sum", period=_PERIOD
        )
        throttled = data.core.metric("WriteThrottleEvents", statistic="Sum", period=_PERIOD)
        self._alarm("throttles", _total(refused, throttled), THROTTLES)
        (reader,) = _named(LedgerStream)
        written = data.ledger.metric_consumed_write_capacity_units(statistic="Sum", period=_PERIOD)
        read = functions[reader].metric_invocations(statistic="Sum", period=_PERIOD)
        idle = aws_cloudwatch.MathExpression(
            expression="IF(FILL(written, 0) > 0 AND FILL(read, 0) == 0, 1, 0)",
            using_metrics={"written": written, "read": read},
            period=_PERIOD,
            label="Written, and not read from the stream",
        )
        self._alarm("stream-unread", idle, 1, 3)

    def _alarm(self, name: str, metric: aws_cloudwatch.IMetric, threshold: float, periods: int = 1) -> None:
        """Raise an alarm once a metric was at its threshold in so many periods of five minutes, one after another."""
        alarm = aws_cloudwatch.Alarm(
            self,
            name,
            alarm_name=f"{self._options.name}-{name}",
            alarm_description=f"docs/runbook.md, {name}",
            metric=metric,
            threshold=threshold,
            evaluation_periods=periods,
            comparison_operator=ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=TreatMissingData.NOT_BREACHING,
            # The p99 of a handful of requests is the slowest of them.
            evaluate_low_sample_count_percentile="ignore" if name == "slow" else None,
        )
        alarm.add_alarm_action(aws_cloudwatch_actions.SnsAction(self.topic))

    def _dashboard(self, api: Api, queues: Queues, data: Data) -> None:
        rest_api = api.rest_api
        workers = [*_named(LedgerStream), *_named(Queue), *_named(Invocation)]
        dashboard = aws_cloudwatch.Dashboard(self, "dashboard", dashboard_name=f"{self._options.name}-{Aws.REGION}")
        dashboard.add_widgets(
            _graph("Requests", [rest_api.metric_count(period=_PERIOD)]),
            _graph("Refused and failed", [rest_api.metric_client_error(), rest_api.metric_server_error()]),
            _graph("Latency, ms", [rest_api.metric_latency(statistic=statistic) for statistic in ("p50", "p99")]),
        )
        dashboard.add_widgets(
            _graph("Orders", [self._counted("status-201", "place_order")]),
            _graph("Contention", [self._counted(name, "place_order") for name in ("retries", "problem-contention")]),
            _graph("Problems, by code", [self._by_code()]),
        )
        dashboard.add_widgets(
            _graph("Queue lag, ms", [self._counted("lag", name, statistic="Maximum") for name in _named(Queue)]),
            _graph("Done", [self._counted("done", name) for name in workers]),
            _graph("Failed", [self._counted("failed", name) for name in workers]),
        )
        dashboard.add_widgets(
            _graph(
                "Dead letters",
                [queue.metric_approximate_number_of_messages_visible() for queue in queues.dead_letters.values()],
            ),
            _graph("Written units", [table.metric_consumed_write_capacity_units() for table in data.tables.values()]),
            _graph("Read units", [table.metric_consumed_read_capacity_units() for table in data.tables.values()]),
        )

    def _counted(self, name: str, function: str, *, statistic: str = "Sum") -> aws_cloudwatch.Metric:
        """A metric that a function publishes."""
        return aws_cloudwatch.Metric(
            namespace=self._options.namespace,
            metric_name=name,
            dimensions_map={"function": function},
            statistic=statistic,
            period=_PERIOD,
        )

    def _by_code(self) -> aws_cloudwatch.IMetric:
        """Each problem's code as a line of its own, whatever codes there are: in quotes it would be the whole name."""
        search = f"SEARCH('{{\"{self._options.namespace}\",function}} MetricName=problem', 'Sum')"
        return aws_cloudwatch.MathExpression(expression=search, using_metrics={}, period=_PERIOD, label="")


def _named(kind: type[object]) -> list[str]:
    """The functions with a kind of trigger."""
    return [function.name for function in FUNCTIONS if isinstance(function.trigger, kind)]


def _total(*metrics: aws_cloudwatch.IMetric) -> aws_cloudwatch.MathExpression:
    """The sum of metrics, of which those that say nothing are 0."""
    named = {f"m{place}": metric for place, metric in enumerate(metrics)}
    expression = " + ".join(f"FILL({name}, 0)" for name in named)
    return aws_cloudwatch.MathExpression(expression=expression, using_metrics=named, period=_PERIOD)


def _graph(title: str, metrics: Iterable[aws_cloudwatch.IMetric]) -> aws_cloudwatch.GraphWidget:
    left: Sequence[aws_cloudwatch.IMetric] = list(metrics)
    return aws_cloudwatch.GraphWidget(title=title, left=left, width=8)
