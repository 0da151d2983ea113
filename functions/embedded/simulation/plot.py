"""The summaries as a picture: an SVG of four charts over the liquidity, each axis in its own units."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape

from functions.embedded.simulation.scenario import Scenario
from functions.embedded.simulation.sweep import Summary

_WIDTH, _HEIGHT = 380, 250
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 18, 44, 38
_HEADER = 56
_THOUSANDS_FROM = 10_000
_BLUE, _ORANGE, _GREY = "#2457c5", "#b4470b", "#667085"
_STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#344054}.title{font-size:14px;font-weight:600}"
    ".head{font-size:17px;font-weight:600}.tick{stroke:#e4e7ec}.axis{stroke:#98a2b3}"
)


@dataclass(frozen=True, slots=True)
class _Line:
    name: str
    colour: str
    value: Callable[[Summary], float | None]
    dashes: str = ""


@dataclass(frozen=True, slots=True)
class _Chart:
    title: str
    lines: tuple[_Line, ...]
    band: Callable[[Summary], tuple[float, float]] | None = None


_CHARTS = (
    _Chart(
        "Distance of price from truth, points",
        (
            _Line("market", _BLUE, lambda s: 100 * s.error),
            _Line("all knowledge pooled", _GREY, lambda s: 100 * s.best, "4 3"),
        ),
        lambda s: (100 * (s.error - s.error_range), 100 * (s.error + s.error_range)),
    ),
    _Chart(
        "Loss of the creator, credits",
        (
            _Line("typical", _BLUE, lambda s: s.typical_loss),
            _Line("worst run", _ORANGE, lambda s: s.worst_loss),
            _Line("subsidy", _GREY, lambda s: s.bound, "4 3"),
        ),
    ),
    _Chart("Volume, credits", (_Line("mean", _BLUE, lambda s: s.volume),)),
    _Chart(
        "Time until the price settles, % of visits",
        (_Line("nine tenths of the way", _BLUE, lambda s: None if s.settled_after is None else 100 * s.settled_after),),
    ),
)


def render_plot(scenario: Scenario, summaries: Sequence[Summary], marked: Summary) -> str:
    """The picture, with the marked liquidity as a vertical line in each chart."""
    width, height = 2 * _WIDTH, _HEADER + 2 * _HEIGHT
    title = (
        f"{scenario.people} people with {scenario.budget:g} credits each, {scenario.informed} of them informed, "
        f"{scenario.outcomes} outcomes"
    )
    charts = (
        f'<g transform="translate({number % 2 * _WIDTH} {_HEADER + number // 2 * _HEIGHT})">'
        f"{_render_chart(chart, summaries, marked)}</g>"
        for number, chart in enumerate(_CHARTS)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="{escape(title)}"><style>{_STYLE}</style>'
        f'<rect width="{width}" height="{height}" fill="#fff"/>'
        f'<text class="head" x="{_LEFT}" y="26">{escape(title)}</text>'
        f'<text x="{_LEFT}" y="46">Liquidity on each horizontal axis; the vertical line is the advice: '
        f"{marked.liquidity:g}</text>"
        f"{''.join(charts)}</svg>\n"
    )


def _render_chart(chart: _Chart, summaries: Sequence[Summary], marked: Summary) -> str:
    shown = [value for line in chart.lines for s in summaries if (value := line.value(s)) is not None]
    ticks = _ticks(min([0.0, *shown]), max([1e-9, *shown]))
    across = _Scale(math.log(summaries[0].liquidity), math.log(summaries[-1].liquidity), _LEFT, _WIDTH - _RIGHT)
    down = _Scale(ticks[0], ticks[-1], _HEIGHT - _BOTTOM, _TOP)

    def point(summary: Summary, value: float) -> str:
        return f"{across(math.log(summary.liquidity)):.1f},{down(min(value, ticks[-1])):.1f}"

    parts = [f'<text class="title" x="{_LEFT}" y="16">{escape(chart.title)}</text>', *_legend(chart.lines)]
    for tick in ticks:
        y = down(tick)
        parts.append(f'<line class="tick" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{_short(tick)}</text>')
    for liquidity in _decades(summaries[0].liquidity, summaries[-1].liquidity):
        x = across(math.log(liquidity))
        parts.append(f'<line class="axis" x1="{x:.1f}" x2="{x:.1f}" y1="{down.first}" y2="{down.first + 4}"/>')
        parts.append(f'<text x="{x:.1f}" y="{down.first + 18}" text-anchor="middle">{_short(liquidity)}</text>')
    if chart.band is not None:
        edges = [(summary, *chart.band(summary)) for summary in summaries]
        outline = [point(s, high) for s, _, high in edges] + [point(s, low) for s, low, _ in reversed(edges)]
        parts.append(f'<polygon points="{" ".join(outline)}" fill="{_BLUE}" opacity=".15"/>')
    x = across(math.log(marked.liquidity))
    parts.append(f'<line class="axis" x1="{x:.1f}" x2="{x:.1f}" y1="{down.last}" y2="{down.first}"/>')
    for line in chart.lines:
        points = " ".join(point(s, value) for s in summaries if (value := line.value(s)) is not None)
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="{line.colour}" stroke-width="2" '
            f'stroke-dasharray="{line.dashes or "none"}"/>'
        )
    return "".join(parts)


def _legend(lines: Iterable[_Line]) -> list[str]:
    parts, x = [], _LEFT
    for line in lines:
        parts.append(
            f'<line x1="{x}" x2="{x + 18}" y1="30" y2="30" stroke="{line.colour}" stroke-width="2" '
            f'stroke-dasharray="{line.dashes or "none"}"/><text x="{x + 23}" y="34">{escape(line.name)}</text>'
        )
        x += 45 + 7 * len(line.name)
    return parts


class _Scale:
    """Maps values between two ends to places between two others, in a straight line."""

    def __init__(self, low: float, high: float, first: int, last: int) -> None:
        self.first, self.last = first, last
        self._low, self._span = low, (high - low) or 1.0

    def __call__(self, value: float) -> float:
        return self.first + (value - self._low) / self._span * (self.last - self.first)


def _ticks(low: float, high: float) -> list[float]:
    """Four to eight round values that hold both ends between them."""
    rough = (high - low) / 5
    magnitude = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * magnitude for factor in (1, 2, 5, 10) if factor * magnitude >= rough)
    return [number * step for number in range(math.floor(low / step), math.ceil(high / step) + 1)]


def _decades(low: float, high: float) -> list[float]:
    """The 1, 2 and 5 times powers of ten within a range."""
    exponents = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    found = [factor * 10.0**exponent for exponent in exponents for factor in (1, 2, 5)]
    return [value for value in found if low <= value <= high]


def _short(value: float) -> str:
    return f"{value / 1000:g}k" if abs(value) >= _THOUSANDS_FROM else f"{round(value, 6):g}"
