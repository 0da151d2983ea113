"""What every function says about itself: logs in JSON, and metrics.

Neither ever holds a body, a header or a credential.
"""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from functions.adapter.in_.lambda_ import end_start

_NAMESPACE_VARIABLE = "POWERTOOLS_METRICS_NAMESPACE"
"""A stack gives its functions a namespace of its own: two in one account must not be counted together."""
_SERVICE = "Hunch"

# Named after our package, so that what its modules log through the standard library comes out the same way.
LOGGER = Logger(service=__name__.partition(".")[0], utc=True, use_rfc3339=True)
LOGGER.append_keys(service=_SERVICE)


_COUNTED: Counter[str] = Counter()


def count(name: str) -> None:
    """Add to a metric of the invocation that is going on, for those who do not know which function that is."""
    _COUNTED[name] += 1


class Observer:
    """Logs and counts what one function does.

    Args:
        function: its name in the registry: the metrics' only dimension.
    """

    def __init__(self, function: str) -> None:
        self._function = function
        namespace = os.environ.get(_NAMESPACE_VARIABLE, _SERVICE)
        self._metrics = EphemeralMetrics(namespace=namespace, default_dimensions={"function": function})
        end_start()  # nothing that a handler needs is made after this

    @contextmanager
    def invocation(self, **keys: str | None) -> Iterator[None]:
        """Gives these keys, where they are not None, to every log line until the end, and then publishes the counts."""
        with LOGGER.append_context_keys(function=self._function, **keys):
            try:
                yield
            finally:
                self._publish()

    def count(self, name: str, number: int = 1) -> None:
        """Add to a metric of this invocation."""
        self._metrics.add_metric(name, MetricUnit.Count, number)

    def measure(self, name: str, milliseconds: int) -> None:
        """Add a time to a metric of this invocation."""
        self._metrics.add_metric(name, MetricUnit.Milliseconds, milliseconds)

    def _publish(self) -> None:
        for name, number in _COUNTED.items():
            self.count(name, number)
        _COUNTED.clear()
        try:
            if self._metrics.metric_set:
                self._metrics.flush_metrics()
        except Exception:
            # What was asked for has been done; its answer matters more than being counted.
            LOGGER.exception("metrics are lost")
