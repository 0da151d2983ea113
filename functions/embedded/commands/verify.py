"""``hunch verify``."""

import itertools
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import click

from domain.model.record.market_points import replay_points, verify_points
from domain.model.trading.replay import ReplayMismatchError, ShownMarket, verify_market
from domain.model.trading.trade import Trade
from functions.embedded.commands import arguments
from functions.embedded.commands.arguments import database_option, token_file_option, url_option
from functions.embedded.commands.instance import Instance, open_instance
from functions.embedded.commands.progress import progress
from functions.embedded.commands.spool import TradeSpool

TRAILING_LOOKS = 5
TRAILING_SECONDS = 1.0
_STEP = 64
"""How many trades are replayed between two looks of the progress bar."""


@click.command()
@click.argument("slug", type=arguments.slug)
@database_option
@url_option
@token_file_option
def verify(*, slug: str, database: Path, url: str | None, token_file: Path | None) -> None:
    """Replay the market SLUG from its public trades, and check every one of them.

    Each charge is computed anew on the book that the trades before it come to, with the prices after it and the digest
    that chains it to the trade before; versions may have no gaps, and the market must show what the trades come to.
    Of a resolved market everybody's points are computed anew, too, and have to add up to its logarithmic score.
    Exits with 1 and names the first trade that is wrong.
    """
    with open_instance(database, url, token_file) as instance, TradeSpool() as spool:
        market = instance.get_market(slug)
        _collect(instance, market, spool)
        try:
            with progress("Replaying", spool.count) as advance:
                verify_market(market, _counted(spool.oldest_first(), advance))
            scored = _verify_points(instance, market, spool)
        except ReplayMismatchError as mismatch:
            raise click.ClickException(f"{slug} is not what it should be: {mismatch}.") from mismatch
        click.echo(
            f"{slug} is right: {spool.count} trades, each charge and price recomputed, the chain of digests whole."
        )
        if scored:
            click.echo(scored)


def _verify_points(instance: Instance, market: ShownMarket, spool: TradeSpool) -> str | None:
    """Compare everybody's points on a resolved market; what was found, and None where there are none to find.

    Raises:
        ReplayMismatchError: somebody's are wrong, or all together are not the market's score.
    """
    if market.payouts is None:
        return None
    expected = replay_points(market, spool.oldest_first())
    shown: dict[str, int] = {}
    with progress("Reading results", len(expected)) as advance:
        for account in expected:
            points = instance.find_points(account, market.slug)
            if points is not None:
                shown[account] = points
            advance(1)
    verify_points(market, expected, shown)
    missing = len(expected) - len(shown)
    if missing:
        return f"Accounts without a result yet: {missing}. The service makes them from the trades within a day."
    return f"Everybody's points are right, and add up to the market's score: accounts: {len(shown)}."


def _collect(instance: Instance, market: ShownMarket, spool: TradeSpool) -> None:
    """Keep the trades up to the version that the market shows; what was traded since is for the next time."""
    with progress("Reading trades", market.version) as advance:
        for page in _await_pages(instance, market):
            known = [trade for trade in page if trade.version <= market.version]
            spool.add(known)
            advance(len(known))
            if spool.count > market.version:
                return  # more than there can be: the replay says which


def _await_pages(instance: Instance, market: ShownMarket) -> Iterator[Sequence[Trade]]:
    """The pages of a list that is as new as the market: elsewhere it may trail by seconds."""
    for _ in range(TRAILING_LOOKS):
        pages = instance.list_trades(market.slug)
        first = next(pages, ())
        if market.version == 0 or (first and first[0].version >= market.version):
            return itertools.chain([first], pages)
        time.sleep(TRAILING_SECONDS)
    return instance.list_trades(market.slug)


def _counted(trades: Iterable[Trade], advance: Callable[[int], None]) -> Iterator[Trade]:
    for number, trade in enumerate(trades, start=1):
        yield trade
        if number % _STEP == 0:
            advance(_STEP)
