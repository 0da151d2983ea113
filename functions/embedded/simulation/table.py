"""The summaries as a table for people."""

from collections.abc import Sequence

from functions.embedded.simulation.sweep import Summary

_HEADINGS = ("liquidity", "subsidy", "error", "±", "typical loss", "worst loss", "volume", "settled after")


def render_table(summaries: Sequence[Summary], marked: Summary) -> str:
    """A row for each liquidity, the marked one with an arrow; errors in points, the rest in credits."""
    rows = [_HEADINGS, *(_row(summary) for summary in summaries)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    arrows = ["", *(" ←" if summary is marked else "" for summary in summaries)]
    return "\n".join(line + arrow for line, arrow in zip(lines, arrows, strict=True))


def _row(summary: Summary) -> tuple[str, ...]:
    settled = summary.settled_after
    return (
        f"{summary.liquidity:g}",
        str(round(summary.bound)),
        f"{100 * summary.error:.1f}",
        f"{100 * summary.error_range:.1f}",
        str(round(summary.typical_loss)),
        str(round(summary.worst_loss)),
        str(round(summary.volume)),
        "never" if settled is None else f"{100 * settled:.0f} %",
    )
