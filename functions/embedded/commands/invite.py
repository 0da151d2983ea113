"""``hunch invite``: a link, and its QR code for a projector, by which people come in."""

import asyncio
import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from domain.model.admission.invitation import MAX_COUNT, SignedInvitation, invitation_url
from domain.model.kernel.caller import Role
from functions.adapter.out.sqlite.database import Database
from functions.embedded.commands.arguments import database_option
from functions.embedded.commands.database_file import open_database
from functions.embedded.commands.environment import read_settings

_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


def duration(text: str) -> timedelta:
    """A length of time such as 90m, 8h or 7d.

    Raises:
        click.BadParameter: it is none.
    """
    match = re.fullmatch("([1-9][0-9]{0,3})([mhd])", text, re.ASCII)
    if match is None:
        raise click.BadParameter(f"{text!r} is no length of time such as 90m, 8h or 7d.")
    return int(match[1]) * _UNITS[match[2]]


@click.command()
@click.option("--count", default=1, show_default=True, type=click.IntRange(1, MAX_COUNT), help="How many may come in.")
@click.option("--expires", default="1d", show_default=True, type=duration, help="How long it is good: 90m, 8h, 7d.")
@click.option(
    "--role", "roles", multiple=True, type=click.Choice([role.value for role in Role]), help="What they become besides."
)
@click.option("--public-url", help="Where people reach the server; HUNCH_PUBLIC_URL if unset.")
@database_option
def invite(*, count: int, expires: timedelta, roles: tuple[str, ...], public_url: str | None, database: Path) -> None:
    """Print an invitation: a link and its QR code, by which people open accounts under names they choose.

    The first is best one for yourself: `hunch invite --role admin`. An admin lists and revokes invitations over HTTP,
    at /v1/invitations. The database is made if it is not there; the server may run or not.
    """
    settings = read_settings(public_url)
    if settings.public_url is None:
        raise click.ClickException("Say where people reach the server, such as --public-url http://192.168.1.5:8000.")
    expires_at = datetime.now(UTC) + expires
    with open_database(database) as opened:
        signed = _make(opened, count, expires_at, frozenset(map(Role, roles)))
    url = invitation_url(settings.public_url, signed)
    click.echo(_qr_code(url))
    click.echo(url)
    people = "one person" if count == 1 else f"{count} people"
    click.echo(f"For {people}, until {expires_at:%Y-%m-%d %H:%M} UTC. Its id, to revoke it: {signed.invitation.id}")


def _make(database: Database, count: int, expires_at: datetime, roles: frozenset[Role]) -> SignedInvitation:
    from functions.adapter.out.system.clock import SystemClock, SystemRandom
    from functions.config.ports import Ports
    from functions.config.settings import Settings
    from functions.config.sqlite import sqlite_persistence
    from functions.config.wiring.admission.create_invitation import create_invitation

    ports = Ports(sqlite_persistence(database), SystemClock(), SystemRandom(), Settings())
    making = create_invitation(ports).invite(count, expires_at, roles)
    return asyncio.run(making, loop_factory=asyncio.new_event_loop)


def _qr_code(url: str) -> str:
    """The code in half blocks, with the margin that telephones need; little correction, as screens have no stains."""
    import segno

    drawn = io.StringIO()
    segno.make(url, error="l", micro=False).terminal(drawn, compact=True)
    return drawn.getvalue()
