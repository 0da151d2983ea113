"""What benchmarks return: figures of one shape, each the median over rounds, with its peer's of the same rounds."""

import json
import os
import platform
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any, NamedTuple

RESULTS = Path("bench/results.json")
OURS, LAST_RELEASE = "Hunch", "last release"
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure, alone or beside a peer's.

    Args:
        name: the benchmark's.
        case: what was measured.
        metric: what of it.
        unit: of the figure and of the peer's.
        ours: the median over the rounds.
        beside: the peer's name; empty where there is none.
        peer: the peer's median.
        ratio: the median of the rounds' ratios, ours divided by the peer's.
    """

    name: str
    case: str
    metric: str
    unit: str
    ours: float
    beside: str = ""
    peer: float | None = None
    ratio: float | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """A whole run, and where it was made.

    Args:
        date: of its beginning, UTC.
        machine: its processor and system.
        processors: how many it has.
        load_averages: the load average of a minute at the beginning and at the end.
        seconds: how long it took.
        commit: what was measured.
        versions: of the interpreter and of the libraries that matter.
        figures: in the order of the benchmarks.
    """

    date: str
    machine: str
    processors: int
    load_averages: tuple[float, float]
    seconds: float
    commit: str
    versions: Mapping[str, str]
    figures: tuple[Figure, ...]


class Subject(NamedTuple):
    """What a figure is of; see :class:`Figure`."""

    name: str
    case: str
    metric: str
    unit: str


def measured(subject: Subject, rounds: Sequence[float]) -> Figure:
    """The median of a figure that has no peer."""
    return Figure(*subject, significant(median(rounds)))


def compared(subject: Subject, rounds: Sequence[float], beside: str, peers: Sequence[float]) -> Figure:
    """The medians of a figure and of its peer's, and of their ratio in each round.

    Raises:
        ValueError: there are more rounds of one than of the other.
    """
    ratio = median(own / peer for own, peer in zip(rounds, peers, strict=True))
    ours, theirs = significant(median(rounds)), significant(median(peers))
    return Figure(*subject, ours, beside, theirs, significant(ratio))


def of_turns[T](subject: Subject, done: Mapping[str, Sequence[T]], of: Callable[[T], float]) -> list[Figure]:
    """A figure beside each of its peers; alone where there are none.

    Args:
        subject: what it is of.
        done: what came of each round, by the name of who did it; the first is ours.
        of: the figure of one round.
    """
    own, *peers = ([of(round_) for round_ in rounds] for rounds in done.values())
    if not peers:
        return [measured(subject, own)]
    return [compared(subject, own, *peer) for peer in zip(list(done)[1:], peers, strict=True)]


def take_turns[T](rounds: int, contestants: Mapping[str, Callable[[], T]]) -> dict[str, list[T]]:
    """Let everybody do their part once in each round, one after the other; what came of it, by their names."""
    done: dict[str, list[T]] = {name: [] for name in contestants}
    for number in range(rounds):
        progress(f"  round {number + 1} of {rounds}: {', '.join(contestants)}")
        for name, act in contestants.items():
            done[name].append(act())
    return done


def milliseconds(seconds: Sequence[float]) -> tuple[float, float]:
    """The median and the 99th percentile."""
    cuts = quantiles(seconds, n=100)
    return cuts[49] * 1000, cuts[98] * 1000


def significant(value: float) -> float:
    """A value with as many digits as a measurement has."""
    return float(f"{value:.{_DIGITS}g}")


def load(path: Path = RESULTS) -> Results:
    """The results in a file.

    Raises:
        TypeError: it has not the shape of results.
    """
    content: dict[str, Any] = json.loads(path.read_text())
    figures = tuple(Figure(**figure) for figure in content.pop("figures"))
    return Results(**{**content, "load_averages": tuple(content["load_averages"])}, figures=figures)


def dump(results: Results) -> str:
    """Results as JSON, a figure in a line."""
    content = asdict(results)
    figures = ",\n".join(f"    {json.dumps(figure, ensure_ascii=False)}" for figure in content.pop("figures"))
    head = json.dumps(content, indent=2, ensure_ascii=False).removesuffix("\n}")
    return f'{head},\n  "figures": [\n{figures}\n  ]\n}}\n'


def rows(figures: Iterable[Figure]) -> list[str]:
    """A table in Markdown; what a row has in common with the one above is left out."""
    lines, above = ["| case | figure | ours | beside | peer | ratio |", "|---|---|---|---|---|---|"], ("", "")
    for each in figures:
        head = (each.case, f"{each.metric}, {each.unit}" if each.unit else each.metric)
        case, metric = ("" if head[0] == above[0] else head[0]), ("" if head == above else head[1])
        ours = "" if head == above else shown(each.ours)
        peer = f"{each.beside} | {shown(each.peer or 0)} | **{each.ratio:.2f}**" if each.beside else "| |"
        lines.append(f"| {case} | {metric} | {ours} | {peer} |".replace("  ", " "))
        above = head
    return lines


def shown(value: float) -> str:
    """A figure as people read it."""
    whole = 100
    return f"{value:,.0f}".replace(",", " ") if abs(value) >= whole else f"{value:.3g}"


def machine() -> str:
    """The processor and the system."""
    names = [line.partition(":")[2].strip() for line in _cpu_lines() if line.startswith("model name")]
    return f"{names[0] if names else platform.machine()}, {platform.system()}"


def _cpu_lines() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text().splitlines() if path.exists() else []


def processors() -> int:
    """How many there are."""
    return os.cpu_count() or 1


def say(line: str) -> None:
    """Print a line of a table."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def progress(line: str) -> None:
    """Say how far it is, beside the tables."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
