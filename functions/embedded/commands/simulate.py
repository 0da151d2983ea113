"""``hunch simulate``."""

import os
from pathlib import Path

import click

from functions.embedded.commands.output import open_output
from functions.embedded.commands.progress import progress

_MOST_CREDITS = 1_000_000


def _credits(text: str) -> float:
    """An amount between 1 and a million, which not-a-number is not.

    Raises:
        click.BadParameter: it is none.
    """
    try:
        value = float(text)
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is no number.") from error
    if not 1 <= value <= _MOST_CREDITS:
        raise click.BadParameter(f"{text} is not between 1 and {_MOST_CREDITS}.")
    return value


@click.command()
@click.option("--people", default=30, show_default=True, type=click.IntRange(2, 2000), help="How many people trade.")
@click.option(
    "--budget", default=100.0, show_default=True, type=_credits, metavar="CREDITS", help="Credits that each brings."
)
@click.option("--outcomes", default=2, show_default=True, type=click.IntRange(2, 20), help="Outcomes of the market.")
@click.option(
    "--informed",
    default=50,
    show_default=True,
    type=click.IntRange(0, 100),
    help="Percent of the people who know something; the others trade at random.",
)
@click.option("--seed", default=1, show_default=True, type=int, help="What all chance comes from.")
@click.option(
    "--runs", default=200, show_default=True, type=click.IntRange(2, 10_000), help="Markets for each liquidity."
)
@click.option("--plot", type=click.Path(path_type=Path, dir_okay=False), help="Where to write a picture (SVG).")
def simulate(
    *, people: int, budget: float, outcomes: int, informed: int, seed: int, runs: int, plot: Path | None
) -> None:
    """Simulate markets with invented people, and advise a liquidity.

    Little liquidity is cheap, but every order throws the price about; much liquidity is dear, and the people's credits
    cannot move the price to where it belongs. The same seed gives the same table on every machine;
    docs/simulate.md says what is assumed. Nothing is read from or written to an instance.
    """
    from functions.embedded.simulation.plot import render_plot
    from functions.embedded.simulation.scenario import Scenario
    from functions.embedded.simulation.sweep import advice, advised, candidates, sweep
    from functions.embedded.simulation.table import render_table

    scenario = Scenario(people, budget, outcomes, informed=round(people * informed / 100))
    processes = os.process_cpu_count() or 1
    with progress(f"Trading on {processes} cores", len(candidates(scenario)) * runs) as watch:
        summaries = sweep(scenario, seed, runs, processes, watch)
    best = advised(summaries)
    click.echo(render_table(summaries, best))
    click.echo(f"\n{advice(scenario, best)}")
    if plot is not None:
        with open_output(plot) as file:
            file.write(render_plot(scenario, summaries, best).encode())
