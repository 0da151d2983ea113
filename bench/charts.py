"""The results as charts: the same SVG for the same results."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure as Canvas

from bench.document import CHARTS, Chart, image_of
from bench.figures import OURS, Figure, Results, shown

_COLOURS = ("#2457c5", "#b4470b", "#667085", "#2e7d32", "#8e24aa")
_STYLE: dict[str, Any] = {
    "svg.hashsalt": "hunch",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#98a2b3",
    "text.color": "#344054",
    "axes.labelcolor": "#344054",
    "xtick.color": "#344054",
    "ytick.color": "#344054",
}
_INCHES, _ROW_INCHES, _HEAD_INCHES = 7.6, 0.24, 1.3


def draw(results: Results, folder: Path) -> None:
    """Write every chart of which anything was measured."""
    with mpl.rc_context(_STYLE):
        for chart in CHARTS:
            figures = [each for each in results.figures if (each.name, each.metric) == (chart.name, chart.metric)]
            if not figures:
                continue
            canvas = _bars(chart, figures)
            canvas.savefig(folder / image_of(chart.name), metadata={"Date": None, "Creator": None})


def _bars(chart: Chart, figures: Sequence[Figure]) -> Canvas:
    series = list(dict.fromkeys([OURS, *(each.beside for each in figures if each.beside)]))
    values = _values(figures)
    cases = list(dict.fromkeys(each.case for each in figures))
    bars = [(case, name) for case in cases for name in series if (case, name) in values]
    canvas = Canvas(figsize=(_INCHES, _HEAD_INCHES + _ROW_INCHES * (len(bars) + len(cases))), layout="constrained")
    axes = canvas.add_subplot()
    place, ticks = 0.0, []
    for case in cases:
        own = [name for name in series if (case, name) in values]
        ticks.append(place + (len(own) - 1) / 2)
        for name in own:
            value = values[case, name]
            label = name if name not in axes.get_legend_handles_labels()[1] else None
            bar = axes.barh(place, value, 0.86, color=_COLOURS[series.index(name) % len(_COLOURS)], label=label)
            axes.bar_label(bar, [shown(value)], padding=3)
            place += 1
        place += 0.6
    axes.set_yticks(ticks, cases)
    axes.invert_yaxis()
    axes.margins(x=0.12)
    axes.set_title(chart.title, loc="left", fontweight="bold")
    axes.set_xlabel(f"{chart.metric}, {figures[0].unit}")
    canvas.legend(loc="outside lower left", ncols=2, frameon=False)
    return canvas


def _values(figures: Iterable[Figure]) -> dict[tuple[str, str], float]:
    """Every bar, by its case and who it is of."""
    values: dict[tuple[str, str], float] = {}
    for each in figures:
        values[each.case, OURS] = each.ours
        if each.beside and each.peer is not None:
            values[each.case, each.beside] = each.peer
    return values
