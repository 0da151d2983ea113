"""``hunch invite``: a link, and its QR code for a projector, by which people come in."""

import asyncio
import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import segno

from domain.model.caller import Role
from domain.model.invitation import MAX_COUNT, SignedInvitation, invitation_url
from functions.adapter.out.sqlite.database import Database
from functions.adapter.out.system.clock import SystemClock, SystemRandom
from functions.config.container import Container
from functions.config.settings import Settings
from functions.config.sqlite import sqlite_persistence
from functions.embedded.commands.database_file import DEFAULT_DATABASE, open_database
from functions.embedded.commands.environment import read_settings

_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


class Duration(click.ParamType[timedelta]):
    """A length of time such as 90m, 8h or 7d."""

    name = "duration"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """The length of time that the text says."""
        if isinstance(value, timedelta):
            return value
        match = re.fullmatch("([1-9][0-9]{0,3})([mhd])", str(value), re.ASCII)
        if match is None:
            self.fail(f"{value!r} is no length of time such as 90m, 8h or 7d.", param, ctx)
        return int(match[1]) * _UNITS[match[2]]


@click.command()
@click.option("--count", default=1, show_default=True, type=click.IntRange(1, MAX_COUNT), help="How many may come in.")
@click.option("--expires", default="1d", show_default=True, type=Duration(), help="How long it is good: 90m, 8h, 7d.")
@click.option(
    "--role", "roles", multiple=True, type=click.Choice([role.value for role in Role]), help="What they become."
)
@click.option("--public-url", help="Where people reach the server; HUNCH_PUBLIC_URL if unset.")
@click.option(
    "--database",
    default=DEFAULT_DATABASE,
    show_default=True,
    type=click.Path(path_type=Path),
    help="The SQLite file that holds everything; made if it is not there.",
)
def invite(count: int, expires: timedelta, roles: tuple[str, ...], public_url: str | None, database: Path) -> None:
    """Make an invitation: a link, with a QR code, by which people open accounts under names they choose.

    The first is best one for yourself: `hunch invite --role admin`. An admin revokes invitations over HTTP:
    DELETE /v1/invitations/{id}. The server may run or not.
    """
    settings = read_settings(public_url)
    if settings.public_url is None:
        raise click.ClickException("Say where people reach the server, such as --public-url http://192.168.1.5:8000.")
    expires_at = datetime.now(UTC) + expires
    with open_database(database) as opened:
        signed = _make(opened, settings, count, expires_at, frozenset(map(Role, roles)))
    url = invitation_url(settings.public_url, signed)
    click.echo(_qr_code(url))
    click.echo(url)
    people = "one person" if count == 1 else f"{count} people"
    click.echo(f"For {people}, until {expires_at:%Y-%m-%d %H:%M} UTC. Its id, to revoke it: {signed.invitation.id}")


def _make(
    database: Database, settings: Settings, count: int, expires_at: datetime, roles: frozenset[Role]
) -> SignedInvitation:
    container = Container(sqlite_persistence(database), SystemClock(), SystemRandom(), settings)
    return asyncio.run(container.create_invitation.invite(count, expires_at, roles))


def _qr_code(url: str) -> str:
    """The code in half blocks, dark on light and with its margin, as telephones like it best."""
    drawn = io.StringIO()
    segno.make(url, error="l", micro=False).terminal(drawn, compact=True)
    return drawn.getvalue()
