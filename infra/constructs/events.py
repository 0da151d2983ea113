"""The queues of the registry, and what calls the functions that no HTTP request does."""

from collections.abc import Mapping

from aws_cdk import Duration, aws_events, aws_lambda, aws_lambda_destinations, aws_lambda_event_sources, aws_sqs
from aws_cdk import aws_events_targets as targets
from constructs import Construct

from functions.registry import FUNCTIONS, Function, Invocation, LedgerStream, Queue, Schedule
from infra.constructs.data import Data
from infra.constructs.functions import Functions

RECEIVES = 5
"""How often a message is delivered before it is a dead letter. The next ring does what it was for."""
SPARE_SECONDS = 60
"""What a message stays invisible beyond its function's timeout, for the poller's own time.

Six times the timeout is the usual advice, because a throttled invocation uses up a receive. Here a message in flight
holds up all rings of its market, so that would let a market wait for half an hour after one crash; a dead letter costs
nothing, since ``ring_stale`` rings again.
"""
STREAM_RETRIES = 10
SCHEDULE_RETRIES = 2
RING_RETRIES = 2
_KEPT = Duration.days(14)
_STREAM_BATCH = 100
_STREAM_WINDOW = Duration.seconds(2)
"""Trades of a busy market that come within it are one ring, and one fold of its prices, which costs as much as one
trade's; webhooks and settlements start that much later."""

MOST_EVENT_MINUTES = 6 * 60
"""Lambda keeps an event no longer."""


class Queues(Construct):
    """A FIFO queue for each name that a function of the registry waits for, with its dead letters."""

    def __init__(self, scope: Construct, id_: str) -> None:
        super().__init__(scope, id_)
        self._dead: dict[str, aws_sqs.Queue] = {
            "rings": aws_sqs.Queue(self, "rings-dead", fifo=True, enforce_ssl=True, retention_period=_KEPT),
            "events": aws_sqs.Queue(self, "events-dead", enforce_ssl=True, retention_period=_KEPT),
        }
        self.queues: Mapping[str, aws_sqs.Queue] = {
            function.trigger.name: self._queue(function.trigger, function)
            for function in FUNCTIONS
            if isinstance(function.trigger, Queue)
        }

    @property
    def dead_letters(self) -> Mapping[str, aws_sqs.Queue]:
        """The queues that should be empty: of the ``rings`` of all queues, and of what other ``events`` brought."""
        return self._dead

    def _queue(self, trigger: Queue, function: Function) -> aws_sqs.Queue:
        return aws_sqs.Queue(
            self,
            trigger.name,
            fifo=True,
            # A market's rings are of one group and repeat within it only, so groups need not wait for one another.
            deduplication_scope=aws_sqs.DeduplicationScope.MESSAGE_GROUP,
            fifo_throughput_limit=aws_sqs.FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
            visibility_timeout=Duration.seconds(function.timeout_seconds + SPARE_SECONDS),
            dead_letter_queue=aws_sqs.DeadLetterQueue(max_receive_count=RECEIVES, queue=self._dead["rings"]),
            enforce_ssl=True,
            retention_period=_KEPT,
        )


class Triggers(Construct):
    """The event sources and schedules of the registry's functions; what none can deliver is kept as a dead letter."""

    def __init__(self, scope: Construct, id_: str, *, functions: Functions, queues: Queues, data: Data) -> None:
        super().__init__(scope, id_)
        self._queues = queues
        self._data = data
        for function in FUNCTIONS:
            self._connect(function, functions[function.name])

    def _connect(self, function: Function, made: aws_lambda.Function) -> None:
        match function.trigger:
            case Queue() as queue:
                made.add_event_source(self._from_queue(queue))
            case Invocation():
                self._invoke(made)
            case LedgerStream():
                made.add_event_source(self._from_ledger())
            case Schedule(minutes):
                self._schedule(made, function.name, minutes)

    def _from_queue(self, queue: Queue) -> aws_lambda.IEventSource:
        return aws_lambda_event_sources.SqsEventSource(
            self._queues.queues[queue.name], batch_size=queue.batch_size, report_batch_item_failures=True
        )

    def _from_ledger(self) -> aws_lambda.IEventSource:
        """Everything that happens to the ledger: what is no new item is a change that nobody may make, and counted."""
        return aws_lambda_event_sources.DynamoEventSource(
            self._data.ledger,
            starting_position=aws_lambda.StartingPosition.TRIM_HORIZON,
            batch_size=_STREAM_BATCH,
            max_batching_window=_STREAM_WINDOW,
            bisect_batch_on_error=True,
            retry_attempts=STREAM_RETRIES,
            report_batch_item_failures=True,
            on_failure=aws_lambda_event_sources.SqsDlq(self._queues.dead_letters["events"]),
        )

    def _invoke(self, made: aws_lambda.Function) -> None:
        """What rings invoke without waiting."""
        made.configure_async_invoke(
            retry_attempts=RING_RETRIES,
            max_event_age=Duration.minutes(MOST_EVENT_MINUTES),
            on_failure=aws_lambda_destinations.SqsDestination(self._queues.dead_letters["events"]),
        )

    def _schedule(self, made: aws_lambda.Function, name: str, minutes: int) -> None:
        """A call that fails is worth little repetition: the next one does the same."""
        dead, interval = self._queues.dead_letters["events"], Duration.minutes(minutes)
        oldest = Duration.minutes(min(minutes, MOST_EVENT_MINUTES))
        kept = aws_lambda_destinations.SqsDestination(dead)
        made.configure_async_invoke(retry_attempts=0, max_event_age=oldest, on_failure=kept)
        rule = aws_events.Rule(self, name, schedule=aws_events.Schedule.rate(interval))
        rule.add_target(
            targets.LambdaFunction(made, dead_letter_queue=dead, retry_attempts=SCHEDULE_RETRIES, max_event_age=oldest)
        )
