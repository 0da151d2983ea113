"""What a deployment costs: the runbook and the README say what the template and the measured units come to."""

import os
import re
from pathlib import Path

import pytest

from infra.costs import UNITS, Costs, Row, read_units, render, total
from infra.hint_costs import render_hints
from tests.infra.conftest import Template

ROOT = Path(__file__).parents[2]
RUNBOOK, README = ROOT / "docs" / "runbook.md", ROOT / "README.md"
MARKS = re.compile(r"(<!-- costs: begin -->\n)(.*?)(\n<!-- costs: end -->)", re.DOTALL)

HINTS = re.compile(MARKS.pattern.replace("costs:", "hints:"), re.DOTALL)


def costs_of(template: Template) -> Costs:
    """The costs of a template."""
    return Costs(template.document, read_units(UNITS.read_text()))


def dollars(rows: list[Row]) -> dict[str, float]:
    """The amounts, by what they are for."""
    return {row.part: round(row.dollars, 2) for row in rows}


def test_idle_costs_less_than_two_dollars(template: Template) -> None:
    """At list price, with every alarm there is by default."""
    assert 0.5 < total(costs_of(template).idle()) < 2


def test_the_runbook_says_the_same(template: Template) -> None:
    """To the cent. Write it anew with WRITE_COSTS=1 after a change that is meant."""
    text, said = RUNBOOK.read_text(), render(costs_of(template))
    if "WRITE_COSTS" in os.environ:
        RUNBOOK.write_text(MARKS.sub(lambda found: found[1] + said + found[3], text))
    found = MARKS.search(RUNBOOK.read_text())
    assert found is not None
    assert found[2] == said


def test_the_runbook_says_what_hints_cost(template: Template, adopted: Template) -> None:
    """Nothing while nobody looks; then by who looks and what happens. WRITE_COSTS as above."""
    assert dollars(costs_of(adopted).idle()).keys() - dollars(costs_of(template).idle()).keys() == {"snapshots"}
    said = render_hints()
    if "WRITE_COSTS" in os.environ:
        RUNBOOK.write_text(HINTS.sub(lambda found: found[1] + said + found[3], RUNBOOK.read_text()))
    found = HINTS.search(RUNBOOK.read_text())
    assert found is not None
    assert found[2] == said


def test_the_readme_says_the_same(template: Template) -> None:
    """What it costs while nobody trades, and what a million trades do."""
    costs, said = costs_of(template), README.read_text()
    assert f"${total(costs.idle()):.2f} a month" in said
    assert f"${total(costs.trades()):.0f} a million trades" in said


def test_options_cost_what_they_cost(template: Template, other: Template, adopted: Template) -> None:
    """A dashboard, a firewall with three rules, and snapshots of five functions of a gigabyte each."""
    usual = dollars(costs_of(template).idle())
    assert dollars(costs_of(other).idle()) == usual | {"dashboard": 3.0, "firewall": 8.0}
    assert dollars(costs_of(adopted).idle()) == usual | {"snapshots": 22.34}


def test_each_metric_of_an_alarm_is_paid_for(template: Template) -> None:
    """An alarm over three costs as much as three."""
    (row,) = (row for row in costs_of(template).idle() if row.part == "alarms")
    alarms = template.of_type("AWS::CloudWatch::Alarm").values()
    metrics = sum(sum("MetricStat" in metric for metric in alarm.get("Metrics", ())) or 1 for alarm in alarms)
    assert row.dollars == pytest.approx(metrics * 0.1)
    assert metrics > len(alarms)


def test_the_units_are_read() -> None:
    """Of every use case that is measured, also where they are no whole number."""
    units = read_units(UNITS.read_text())
    assert units["project_price_history, one new trade"] == (8.5, 8)
    assert units["quote"] == (1, 0)
    assert len(units) >= 20
