"""``hunch export``: trades or a journal, as lines that other programs read."""

import csv
import itertools
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

import click
import msgspec

from domain.model.kernel.names import escape_hidden
from domain.model.kernel.notation import format_micros
from domain.model.trading.trade import Trade, trade_document
from functions.adapter.out.client.documents import EntryDocument
from functions.embedded.commands import arguments
from functions.embedded.commands.arguments import database_option, token_file_option, url_option
from functions.embedded.commands.instance import open_instance
from functions.embedded.commands.output import STANDARD_OUTPUT, open_output
from functions.embedded.commands.progress import progress

CSV, JSONL = "csv", "jsonl"

type Row = Mapping[str, object]
type Write = Callable[[Row], object]

format_option = click.option(
    "--format", "format_", default=CSV, show_default=True, type=click.Choice([CSV, JSONL]), help="The form of a line."
)
output_option = click.option(
    "--output",
    default=STANDARD_OUTPUT,
    show_default=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write, there once it is whole; - for standard output.",
)


@click.group()
def export() -> None:
    """Write trades or a journal as CSV or JSON lines.

    The newest comes first. A line of JSON is the object that the API shows. A line of CSV has the same members, with a
    column for each outcome's price; texts stand there as people wrote them, so a spreadsheet should import those
    columns as text rather than compute what begins with an equals sign. What cannot be seen, or makes a terminal do
    something, is written as JSON escapes it.
    """


@export.command()
@click.argument("slug", type=arguments.slug)
@format_option
@output_option
@database_option
@url_option
@token_file_option
def trades(*, slug: str, format_: str, output: Path, database: Path, url: str | None, token_file: Path | None) -> None:
    """Write every trade of the market SLUG, the newest first."""
    with open_instance(database, url, token_file) as instance:
        market = instance.get_market(slug)
        names = [outcome.name for outcome in market.outcomes]
        to_row = _flat_trade if format_ == CSV else trade_document
        rows = ([to_row(_require_outcomes(trade, names)) for trade in page] for page in instance.list_trades(slug))
        _write(rows, market.trade_count, _trade_columns(names), format_, output)


@export.command()
@format_option
@output_option
@click.option("--account", type=arguments.account, help="Whose journal, of a database file.")
@database_option
@url_option
@token_file_option
def journal(
    *, format_: str, output: Path, account: str | None, database: Path, url: str | None, token_file: Path | None
) -> None:
    """Write every movement of an account's money, the newest first.

    Of a database file it is the journal of --account; of an instance elsewhere that of the credential's own account.
    """
    if (account is None) == (url is None):
        raise click.UsageError(
            "Give --account with a database file; with --url the credential says whose journal it is."
        )
    with open_instance(database, url, token_file, account=account, needs_credential=True) as instance:
        pages = instance.list_journal()
        first = next(pages, ())
        rows = ([_entry_row(entry) for entry in page] for page in itertools.chain([first], pages))
        _write(rows, _entry_count(first), EntryDocument.__struct_fields__, format_, output)


def _write(pages: Iterable[Sequence[Row]], length: int, columns: Sequence[str], format_: str, output: Path) -> None:
    """Write page after page, never holding more than one.

    Args:
        pages: the rows.
        length: how many there are, as far as is known.
        columns: the members of a row, in the order of a CSV file's columns.
        format_: one of the formats.
        output: where to.
    """
    if output == STANDARD_OUTPUT and sys.stdout is None:  # `>&-`
        raise click.ClickException("There is no standard output to write to. Name a file with --output.")
    is_shown = output == STANDARD_OUTPUT and sys.stdout.isatty()
    with open_output(output) as stream, progress("Exporting", length, hidden=is_shown) as advance:
        write = _csv_writer(stream, columns) if format_ == CSV else _jsonl_writer(stream)
        for page in pages:
            for row in page:
                write(row)
            advance(len(page))


def _csv_writer(stream: BinaryIO, columns: Sequence[str]) -> Write:
    writer = csv.DictWriter(_Encoder(stream), columns, lineterminator="\n")
    writer.writeheader()
    return writer.writerow


def _jsonl_writer(stream: BinaryIO) -> Write:
    encoder = msgspec.json.Encoder()
    return lambda row: stream.write(escape_hidden(encoder.encode(row).decode()).encode() + b"\n")


class _Encoder:
    """The text stream that the csv module wants, over one of bytes that somebody else closes."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write it, as UTF-8, without anything that a terminal would obey."""
        return self._stream.write(escape_hidden(text).encode())


def _trade_columns(outcomes: Sequence[str]) -> list[str]:
    prices = [f"prices_after.{name}" for name in outcomes]
    before = ["id", "market", "account", "outcome", "side", "quantity", "amount"]
    return [*before, *prices, "version", "digest", "created_at"]


def _require_outcomes(trade: Trade, outcomes: Sequence[str]) -> Trade:
    """The trade, which must show the prices that there are columns for."""
    if sorted(shown.outcome for shown in trade.prices_after) != sorted(outcomes):
        raise click.ClickException(f"Trade {trade.version} shows other outcomes than its market. Ask hunch verify.")
    return trade


def _flat_trade(trade: Trade) -> Row:
    """The trade's document, with a member of its own for each price, named as the API names a part of a body."""
    document = trade_document(trade)
    del document["prices_after"]
    return document | {f"prices_after.{shown.outcome}": format_micros(shown.price) for shown in trade.prices_after}


def _entry_row(entry: EntryDocument) -> Row:
    row: dict[str, object] = msgspec.to_builtins(entry)
    return row


def _entry_count(newest: Sequence[EntryDocument]) -> int:
    """How many entries a journal has whose newest are these: an id ends with its number in the journal."""
    number = newest[0].id.rpartition(":")[2] if newest else ""
    return int(number) if number.isdecimal() else 0
