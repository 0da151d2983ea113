"""What a deployment costs, from its template and the measured units: ``python -m infra.costs [-c name=value]``.

Dollars a month at list prices of us-east-1 in November 2026, without any free tier. The output stands in
docs/runbook.md between two marks; a test holds the two together.
"""

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Self

from functions.registry import counted_together
from infra.bundles import context_of
from infra.options import InvalidOptionError, Options

type Json = dict[str, Any]

UNITS = Path(__file__).parents[1] / "docs" / "costs.md"
_ASSEMBLY = Path("cdk.out")
MILLION = 1_000_000
MINUTES = 30 * 24 * 60
"""Of a month."""

_READ_UNITS, _WRITE_UNITS = 0.125, 0.625
_STORED, _RECOVERABLE = 0.25, 0.20
_CALLS, _GIGABYTE_SECONDS = 0.20, 13.3334
_SNAPSHOT_GIGABYTE_SECONDS = 1.5046
_REST_REQUESTS, CLOUDFRONT_REQUESTS, EDGE_FUNCTIONS = 3.50, 1.00, 0.10
_GIGABYTE_SENT, _GIGABYTE_LOGGED = 0.085, 0.50
_FIFO_REQUESTS = 0.50
_ALARM_METRIC, _DASHBOARD = 0.10, 3.00
_FIREWALL, _FIREWALL_RULE = 5.00, 1.00

_POLLERS, _POLLS_A_MINUTE = 5, 3
_IDLE_GIGABYTES = 0.1
_SCHEDULED_SECONDS, _SCHEDULED_READS = 0.05, 4
_READS_A_TRADE = 10
_AUTHORIZED_A_TRADE = 3
"""Of twelve requests of a caller within a minute or so: each of both ways of asking is kept for 30 seconds."""
_KILOBYTES_SENT, _KILOBYTES_LOGGED = 1, 25
_SECONDS = {"place_order": 0.025, "quote": 0.015, "get_market": 0.015, "authorize": 0.008}
_WORKER_SECONDS = {"dispatch_ledger": 0.02, "project_price_history": 0.05, "ring_webhooks": 0.02}


class Row(NamedTuple):
    """A part of a sum.

    Args:
        part: what is paid for.
        arithmetic: how the amount comes about.
        dollars: the amount.
    """

    part: str
    arithmetic: str
    dollars: float


class Units(NamedTuple):
    """Capacity units of one call of a use case, as docs/costs.md has them."""

    read: float
    write: float

    @property
    def dollars(self) -> float:
        """Of a million calls."""
        return self.read * _READ_UNITS + self.write * _WRITE_UNITS


@dataclass(frozen=True, slots=True)
class Costs:
    """The costs of what a template deploys.

    Args:
        template: CloudFormation's.
        units: of use cases, by the names of their rows in docs/costs.md.
    """

    template: Json
    units: Mapping[str, Units]

    @classmethod
    def of_synthesized(cls, name: str) -> Self:
        """The costs of the stack of a name that `make synth` has written."""
        template = json.loads((_ASSEMBLY / f"{name}.template.json").read_text())
        return cls(template, read_units(UNITS.read_text()))

    def idle(self) -> list[Row]:
        """A month in which nobody comes."""
        rows = [self._watching(), self._schedules(), self._polling(), self._storage()]
        return [*rows, *self._options()]

    def trades(self) -> list[Row]:
        """A million trades: each an order, a quote and ten reads of the market, all of whose answers are new."""
        order, quote = self.units["place_order, a later one"], self.units["quote"]
        market, fold = self.units["get_market"], self.units["project_price_history, one new trade"]
        looked = self.units["ring_webhooks, without any"]
        requests = _READS_A_TRADE + 2
        compute = sum(
            times * self._call(name, _SECONDS[name])
            for name, times in (
                ("place_order", 1),
                ("quote", 1),
                ("get_market", _READS_A_TRADE),
                ("authorize", _AUTHORIZED_A_TRADE),
            )
        )
        workers = sum(self._call(name, seconds) for name, seconds in _WORKER_SECONDS.items())
        return [
            Row("order", _units_text(order), order.dollars),
            Row(
                "quote and ten reads",
                f"({quote.read:g} + {_READS_A_TRADE} · {market.read:g}) read units · {_READ_UNITS}",
                quote.dollars + _READS_A_TRADE * market.dollars,
            ),
            self._limiting(requests),
            Row("REST API", f"{requests} requests · {_REST_REQUESTS:.2f}", requests * _REST_REQUESTS),
            Row(
                "CloudFront",
                f"{requests} · ({CLOUDFRONT_REQUESTS:.2f} + {EDGE_FUNCTIONS:.2f}) + "
                f"{requests * _KILOBYTES_SENT} kB · {_GIGABYTE_SENT} a GB",
                requests * (CLOUDFRONT_REQUESTS + EDGE_FUNCTIONS + _KILOBYTES_SENT * _GIGABYTE_SENT),
            ),
            Row(
                "functions",
                f"{requests} calls and {_AUTHORIZED_A_TRADE} of the authorizer, of 8 to 25 ms, by their memory",
                compute,
            ),
            Row(
                "stream, rings and price history",
                f"3 calls of 20 to 50 ms + {_units_text(fold)} + {_units_text(looked)}",
                workers + fold.dollars + looked.dollars,
            ),
            Row(
                "logs and metrics",
                f"{_KILOBYTES_LOGGED} kB · {_GIGABYTE_LOGGED:.2f} a GB",
                _KILOBYTES_LOGGED * _GIGABYTE_LOGGED,
            ),
        ]

    def _limiting(self, requests: int) -> Row:
        """At most: what the functions count in memory until they have so many of a caller costs nothing."""
        (limit,) = {
            int(variables["HUNCH_RATE_LIMIT"])
            for function in self._of_type("AWS::Lambda::Function")
            if "CALLERS_TABLE" in (variables := function.get("Environment", {}).get("Variables", {}))
        }
        together = counted_together(limit)
        return Row(
            "limit of each caller",
            f"{requests} requests, {together} to a write unit · {_WRITE_UNITS}",
            requests / together * _WRITE_UNITS,
        )

    def _watching(self) -> Row:
        metrics = sum(len(_metrics_of(alarm)) for alarm in self._of_type("AWS::CloudWatch::Alarm"))
        return Row("alarms", f"{metrics} metrics · {_ALARM_METRIC:.2f}", metrics * _ALARM_METRIC)

    def _schedules(self) -> Row:
        calls, dollars = 0, 0.0
        for rule in self._of_type("AWS::Events::Rule"):
            (target,) = rule["Targets"]
            times = MINUTES // _minutes(rule["ScheduleExpression"])
            function = self.template["Resources"][target["Arn"]["Fn::GetAtt"][0]]["Properties"]
            calls += times
            dollars += times / MILLION * (_CALLS + _SCHEDULED_SECONDS * _gigabytes(function) * _GIGABYTE_SECONDS)
        dollars += calls / MILLION * _SCHEDULED_READS * _READ_UNITS
        return Row("schedules", f"{calls} calls of 50 ms, {_SCHEDULED_READS} read units each", dollars)

    def _polling(self) -> Row:
        queues = sum("StartingPosition" not in source for source in self._sources())
        polls = queues * _POLLERS * _POLLS_A_MINUTE * MINUTES
        return Row(
            "polling of queues",
            f"{queues} · {_POLLERS} pollers · {_POLLS_A_MINUTE} a minute · {_FIFO_REQUESTS:.2f} a million",
            polls / MILLION * _FIFO_REQUESTS,
        )

    def _storage(self) -> Row:
        price = _STORED + _RECOVERABLE + _GIGABYTE_LOGGED
        return Row(
            "tables, their recovery, logs",
            f"{_IDLE_GIGABYTES} GB · ({_STORED} + {_RECOVERABLE:.2f} + {_GIGABYTE_LOGGED:.2f})",
            _IDLE_GIGABYTES * price,
        )

    def _options(self) -> Iterable[Row]:
        """What costs something only where an option wants it."""
        if boards := len(self._of_type("AWS::CloudWatch::Dashboard")):
            yield Row("dashboard", f"{boards} · {_DASHBOARD:.2f}", boards * _DASHBOARD)
        kept = sum(
            _gigabytes(function) for function in self._of_type("AWS::Lambda::Function") if "SnapStart" in function
        )
        if kept:
            price = MINUTES * 60 * _SNAPSHOT_GIGABYTE_SECONDS / MILLION
            yield Row("snapshots", f"{kept:g} GB · {price:.2f}", kept * price)
        for firewall in self._of_type("AWS::WAFv2::WebACL"):
            rules = len(firewall["Rules"])
            yield Row(
                "firewall",
                f"{_FIREWALL:.2f} + {rules} rules · {_FIREWALL_RULE:.2f}",
                _FIREWALL + rules * _FIREWALL_RULE,
            )

    def _call(self, name: str, seconds: float) -> float:
        """A million calls of a function."""
        (function,) = (
            function
            for function in self._of_type("AWS::Lambda::Function")
            if str(function.get("FunctionName", "")).endswith(f"-{name}")
        )
        return _CALLS + seconds * _gigabytes(function) * _GIGABYTE_SECONDS

    def _sources(self) -> list[Json]:
        return self._of_type("AWS::Lambda::EventSourceMapping")

    def _of_type(self, kind: str) -> list[Json]:
        resources = self.template["Resources"].values()
        return [resource.get("Properties", {}) for resource in resources if resource["Type"] == kind]


def total(rows: Iterable[Row]) -> float:
    """The dollars of all rows."""
    return sum(row.dollars for row in rows)


def render(costs: Costs) -> str:
    """Both tables, as docs/runbook.md has them, and what follows from them."""
    idle, trades = total(costs.idle()), total(costs.trades())
    months = f"without anybody ${idle:.2f}, with 10 000 trades ${idle + trades / 100:.2f}, with a million"
    return "\n".join(
        (
            _table("idle", "a month", costs.idle()),
            "",
            _table("part", "a million trades", costs.trades()),
            "",
            f"A month costs {months} ${idle + trades:.2f}.",
        )
    )


def read_units(document: str) -> Mapping[str, Units]:
    """The units that docs/costs.md has."""
    rows = re.findall(
        r"^\| ([a-z_]+[^|]*) \| [0-9]+ \| [0-9]+ \| ([0-9.]+) \|.*\| ([0-9.]+) \|$", document, re.MULTILINE
    )
    return {name: Units(float(read), float(write)) for name, read, write in rows}


def _table(first: str, last: str, rows: Sequence[Row]) -> str:
    lines = [f"| {row.part} | {row.arithmetic} | {row.dollars:.2f} |" for row in rows]
    heads = f"| {first} | arithmetic | {last} |\n|---|---|---|"
    return "\n".join((heads, *lines, f"| **together** | | **{total(rows):.2f}** |"))


def _metrics_of(alarm: Json) -> list[Json]:
    """The metrics that an alarm looks at; each is paid for."""
    return [metric for metric in alarm["Metrics"] if "MetricStat" in metric] if "Metrics" in alarm else [alarm]


def _minutes(expression: str) -> int:
    """The minutes between two calls of a schedule such as ``rate(5 minutes)``."""
    match = re.fullmatch(r"rate\(([0-9]+) (minute|hour|day)s?\)", expression)
    if match is None:
        raise ValueError(f"no rate: {expression!r}")
    return int(match[1]) * {"minute": 1, "hour": 60, "day": 24 * 60}[match[2]]


def _gigabytes(function: Json) -> float:
    memory: int = function.get("MemorySize", 128)
    return memory / 1024


def _units_text(units: Units) -> str:
    return f"{units.write:g} write units · {_WRITE_UNITS} + {units.read:g} read units · {_READ_UNITS}"


def main() -> None:
    """Print the costs of what `make synth` has written."""
    try:
        options = Options.from_context(context_of(sys.argv[1:]))
    except InvalidOptionError as error:
        sys.exit(f"cdk.json, or -c on the command line: {error}")
    print(render(Costs.of_synthesized(options.name)))  # noqa: T201 -- its output


if __name__ == "__main__":
    main()
