"""``hunch serve``. The server, which takes a second to load, is loaded once it is clear that it can serve."""

import gc
import ipaddress
import logging
import signal
import socket
import stat
import sys
import threading
from pathlib import Path

import click

from functions.adapter.out.sqlite.copies import check_file
from functions.adapter.out.sqlite.database import Database
from functions.adapter.out.sqlite.finders.admission import has_invitation, is_demonstration
from functions.adapter.out.sqlite.wholeness import DamagedError
from functions.config.release import VERSION
from functions.config.settings import LOOPBACK_NAMES, Settings
from functions.embedded.commands.database_file import DEFAULT_DATABASE, explain_failure, open_database
from functions.embedded.commands.environment import read_settings
from functions.embedded.commands.watch import Watch

COLLECTED_AFTER = 20_000
"""So many more objects are made than go before the youngest are looked through; Python's own figure is 2 000."""
TURN_SECONDS = 0.02
"""So long one thread may compute while another waits for it; Python's own figure is 0.005."""
OPEN_TO_ALL = (
    "Warning: no passwords here. Whatever runs on this machine and reaches that address can be anybody, an admin too "
    "(POST /v1/dev/sign-in). Let others in by invitations or an issuer, never by a proxy or a tunnel to it."
)
CHECK_SECONDS = 20.0
"""So long a start may take for looking at what is in the database: some ten gigabytes, or ten million trades."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="The port; 0 for any.")
@click.option(
    "--database",
    default=DEFAULT_DATABASE,
    show_default=True,
    type=click.Path(path_type=Path),
    help="The SQLite file that holds everything; made if it is not there.",
)
@click.option(
    "--public-url",
    help="Where people reach it: http://192.168.1.5:8000, https://example.org/hunch; HUNCH_PUBLIC_URL if unset.",
)
@click.option(
    "--demo",
    is_flag=True,
    help="Fill a database that is not there yet with a few lively markets, whose traders then trade on.",
)
def serve(host: str, port: int, database: Path, public_url: str | None, demo: bool) -> None:
    """Serve the market on this machine.

    On the loopback address accounts need no password, so it listens elsewhere only once people can be told apart: by
    invitations (`hunch invite`), or by an issuer (HUNCH_OIDC_ISSUER and HUNCH_OIDC_AUDIENCE). Set
    HUNCH_STARTING_GRANT to the credits a new account gets (1000 if unset), HUNCH_APPEAL_MINUTES to how long a decision
    may be withdrawn before it is paid (0 if unset). Ctrl-C stops it; nothing that was
    acknowledged is ever lost.
    """
    is_stopped = stop_on_signals()
    try:
        settings = read_settings(public_url)
        names = _names(host, settings)
        is_reachable = names != LOOPBACK_NAMES or settings.public_url is not None
        needs_invitation = is_reachable and settings.oidc is None
        if needs_invitation and not database.exists():
            raise _nobody_can_sign_in()
        with _listen(host, port) as listener, _open(database, settings.database_limit, demo=demo) as opened:
            if needs_invitation and not has_invitation(opened):
                raise _nobody_can_sign_in()
            name = f"[{host}]" if ":" in host else host
            address = settings.public_url or f"http://{name}:{listener.getsockname()[1]}"
            click.echo(f"Hunch {VERSION} serves {database} at {address} (API: {address}/docs). Ctrl-C stops it.")
            if not is_reachable and settings.oidc is None:
                click.echo(OPEN_TO_ALL, err=True)
            # An issuer's subjects may have the names of the traders, and then spend their own credits.
            has_demo_traders = demo and settings.oidc is None and is_demonstration(opened)
            _run(opened, settings, names, listener, is_stopped, has_demo_traders=has_demo_traders)
    except Stopped:
        click.echo("Stopped. Everything is kept.")


class Stopped(BaseException):
    """Somebody asked the server to stop."""


def stop_on_signals() -> threading.Event:
    """Make both signals end the command in order, whenever they come.

    While it serves, uvicorn takes them, finishes what is under way and then raises them once more.

    Returns:
        what is set once a signal has come. Raising alone is not enough: compiled code that looks something up while
        the server is loaded drops any exception, and with it the signal.
    """
    is_stopped = threading.Event()

    def stop(*_: object) -> None:
        is_stopped.set()
        raise Stopped

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    return is_stopped


def _names(host: str, settings: Settings) -> frozenset[str]:
    """The names that requests may call this server, besides that of its public address.

    Raises:
        click.ClickException: it listens on every address, and nobody has said what people call it.
    """
    own = LOOPBACK_NAMES | settings.hosts
    if host in LOOPBACK_NAMES:
        return own
    if not _is_every_address(host):
        return own | {host.lower()}
    if settings.public_url is None:
        raise click.ClickException(
            f"--host {host} is every address of this machine. Say by which one people reach it, such as "
            "--public-url http://192.168.1.5:8000."
        )
    return own | {host}


def _is_every_address(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return not host


def _nobody_can_sign_in() -> click.ClickException:
    return click.ClickException(
        "Others could reach this, and nobody could sign in yet. Invite people first with `hunch invite`, "
        "or set HUNCH_OIDC_ISSUER; on 127.0.0.1, without a public address, nobody needs to."
    )


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        reason = error.strerror or error
        raise click.ClickException(f"Cannot listen on {host}:{port}: {reason}. Choose another with --port.") from error


def _open(database: Path, limit: int | None, *, demo: bool) -> Database:
    if demo:
        from functions.embedded.demo import fill_demo

        with explain_failure(database):
            fill_demo(database)
    _check(database)
    _warn_of_readers(database)
    return open_database(database, limit)


def _warn_of_readers(database: Path) -> None:
    """Say who else on this machine can read what is in the database, or change it."""
    if database.exists() and (others := stat.S_IMODE(database.stat().st_mode) & 0o077):
        who = "everybody" if others & 0o007 else "its group"
        click.echo(
            f"Warning: {who} on this machine can use {database}, and whoever reads it can sign in as anybody. "
            f"End that with `chmod 600 {database}*`.",
            err=True,
        )


def _check(database: Path) -> None:
    """Look at what is there, within bounds.

    Raises:
        click.ClickException: it contradicts itself, or cannot be read.
    """
    if not database.exists():
        return
    try:
        with explain_failure(database):
            is_checked = check_file(database, Watch(f"Checking {database}", CHECK_SECONDS), with_digests=False)
    except DamagedError as error:
        raise click.ClickException(
            f"{database} is damaged: {error}. Nothing was changed. `hunch restore FILE --database {database}` puts a "
            f"backup in its place. If one was only copied over it, {database}-wal beside it belongs to the former file."
        ) from error
    if not is_checked:
        click.echo(
            f"Not all of {database} was checked: every balance is compared while it serves, each hour.", err=True
        )


def _run(
    database: Database,
    settings: Settings,
    names: frozenset[str],
    listener: socket.socket,
    is_stopped: threading.Event,
    *,
    has_demo_traders: bool,
) -> None:
    from functions.embedded.app import create_app
    from functions.embedded.connections.limits import ConnectionLimits
    from functions.embedded.connections.server import Server, server_config
    from functions.embedded.page import BUILT_PAGE

    app = create_app(
        database,
        settings,
        names=names,
        page=BUILT_PAGE if BUILT_PAGE.is_dir() else None,
        has_demo_traders=has_demo_traders,
    )
    _log_deeds()
    config = server_config(app, ConnectionLimits.of_this_process(settings.trusted_proxies))
    _tune_interpreter()
    Server(config, is_stopped).run(sockets=[listener])
    if is_stopped.is_set():
        raise Stopped


def _log_deeds() -> None:
    """Write to standard error what admins do, a line for each deed."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    deeds = logging.getLogger("functions.deeds")
    deeds.addHandler(handler)
    deeds.setLevel(logging.INFO)
    deeds.propagate = False


def _tune_interpreter() -> None:
    """Spend less on what serves no request; each figure is a share of the processor time of an order.

    What is loaded by now stays, so the garbage collector need not walk over it again, and looks for cycles a tenth as
    often (a tenth of the time). Event loop and writer take turns four times less often than by default, and
    both let go by themselves whenever they wait (a twentieth).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECTED_AFTER)
    sys.setswitchinterval(TURN_SECONDS)
