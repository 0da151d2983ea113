"""The tables and charts of docs/performance.md, made of the results of a run."""

import re
from typing import NamedTuple

from bench.figures import Results, rows

_BEGIN, _END = "<!-- bench: {name} -->", "<!-- bench: end -->"
_PLACE = re.compile(r"<!-- bench: (\w+) -->\n.*?<!-- bench: end -->", re.DOTALL)
NOT_MEASURED = "Not measured in this run."
RUN = "run"
"""The place of what is said of the whole run."""


class Chart(NamedTuple):
    """One picture: bars of a metric, a group of them for each case.

    Args:
        name: the benchmark's.
        metric: what is shown of it.
        title: what it says above.
    """

    name: str
    metric: str
    title: str


CHARTS = (
    Chart("orders", "orders", "Orders a second on one machine"),
    Chart("warm", "processor time of a request", "Warm requests on AWS"),
    Chart("start_cpu", "processor time of a start", "Starts on AWS"),
    Chart("settlement", "positions", "Positions settled a second"),
    Chart("contention", "filled orders", "One hot market on AWS, in virtual time"),
)


def image_of(name: str) -> str:
    """The file of a benchmark's chart."""
    return f"bench-{name}.svg"


def renew(text: str, results: Results) -> str:
    """The document with the tables of these results in the places that are marked for them."""
    return _PLACE.sub(lambda place: _filled(place[1], results), text)


def places(text: str) -> list[str]:
    """The benchmarks that have a table."""
    return _PLACE.findall(text)


def _filled(name: str, results: Results) -> str:
    return "\n".join([_BEGIN.format(name=name), *_lines(name, results), _END])


def _lines(name: str, results: Results) -> list[str]:
    if name == RUN:
        return [_said_of(results)]
    figures = [figure for figure in results.figures if figure.name == name]
    images = [f"![{chart.title}](images/{image_of(name)})" for chart in CHARTS if chart.name == name]
    return [*rows(figures), *(line for image in images for line in ("", image))] if figures else [NOT_MEASURED]


def _said_of(results: Results) -> str:
    before, after = results.load_averages
    versions = ", ".join(f"{name} {version}" for name, version in results.versions.items())
    return (
        f"{results.date}, {results.machine}, {results.processors} processors, load average {before} before and {after} "
        f"after, {results.seconds:.0f} s, commit {results.commit}; {versions}."
    )
