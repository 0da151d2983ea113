"""``hunch mcp``."""

import os
import re
from decimal import Decimal

import click

from functions.embedded.commands.instance import TOKEN_VARIABLE

MISSING = "Agents need an extra: pip install 'hunch[mcp]', or `make mcp` in the repository."
_EXTRA = {"httpx", "mcp", "mcp_types"}
_AMOUNT = re.compile(r"(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?", re.ASCII)


def _amount(text: str) -> Decimal:
    """An amount of credits.

    Raises:
        click.BadParameter: it is none.
    """
    if not _AMOUNT.fullmatch(text):
        raise click.BadParameter(f"{text!r} is no amount of credits, such as 25 or 0.5.")
    return Decimal(text)


@click.command()
@click.option("--url", default="http://127.0.0.1:8000", show_default=True, help="The address of the instance.")
@click.option("--read-only", is_flag=True, help="Leave out the tools that change something.")
@click.option(
    "--max-spend", type=_amount, metavar="CREDITS", help="What one order, or one market's subsidy, may cost at most."
)
def mcp(url: str, *, read_only: bool, max_spend: Decimal | None) -> None:
    """Let an agent use an instance, over standard input and output (Model Context Protocol).

    HUNCH_TOKEN holds the bot key it acts with; without one it reads what anybody may. A program starts this, not a
    person: docs/programs.md has the lines that Claude Code and others take.
    """
    if "@" in url:
        raise click.UsageError("--url must not carry a password: everybody on this machine could read it.")
    try:
        from functions.embedded.agents.server import create_server
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _EXTRA:
            raise
        raise click.ClickException(MISSING) from error
    from hunch_client import Hunch

    try:
        client = Hunch(url, os.environ.get(TOKEN_VARIABLE) or None)
    except ValueError as error:
        raise click.UsageError(f"{error}.") from error
    with client:
        create_server(lambda _: client, read_only=read_only, max_spend=max_spend).run()
