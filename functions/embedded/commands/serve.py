"""``hunch serve``. The server, which takes a second to load, is loaded once it is clear that it can serve."""

import os
import signal
import socket
from pathlib import Path

import click

from functions.adapter.out.sqlite.database import Database
from functions.config.release import VERSION
from functions.config.settings import InvalidSettingError, Settings
from functions.embedded.commands.database_file import DEFAULT_DATABASE, explain_failure, open_database

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
GRACE_SECONDS = 5


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
@click.option("--demo", is_flag=True, help="Fill a database that is not there yet with a few lively markets.")
def serve(host: str, port: int, database: Path, demo: bool) -> None:
    """Serve the market on this machine.

    Accounts need no password here, so it listens on the loopback address only. Set HUNCH_STARTING_GRANT to the
    credits a new account gets (1000 if unset). Ctrl-C stops it; nothing that was acknowledged is ever lost.
    """
    try:
        _stop_on_signals()
        _require_loopback(host)
        settings = _settings()
        with _listen(host, port) as listener, _open(database, demo=demo) as opened:
            name = f"[{host}]" if ":" in host else host
            address = f"http://{name}:{listener.getsockname()[1]}"
            click.echo(f"Hunch {VERSION} serves {database} at {address} (API: {address}/docs). Ctrl-C stops it.")
            _run(opened, settings, listener)
    except _Stopped:
        click.echo("Stopped. Everything is kept.")


class _Stopped(BaseException):
    """Somebody asked the server to stop."""


def _stop_on_signals() -> None:
    """Make both signals end the command in order, whenever they come.

    While it serves, uvicorn takes them, finishes what is under way and then raises them once more.
    """

    def stop(*_: object) -> None:
        raise _Stopped

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)


def _require_loopback(host: str) -> None:
    if host not in LOOPBACK_HOSTS:
        raise click.ClickException(
            f"--host {host} can be reached by others, and accounts here need no password. Use 127.0.0.1."
        )


def _settings() -> Settings:
    try:
        return Settings.from_environment(os.environ)
    except InvalidSettingError as error:
        raise click.ClickException(str(error)) from error


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        reason = error.strerror or error
        raise click.ClickException(f"Cannot listen on {host}:{port}: {reason}. Choose another with --port.") from error


def _open(database: Path, *, demo: bool) -> Database:
    if demo:
        from functions.embedded.demo import fill_demo

        with explain_failure(database):
            fill_demo(database)
    return open_database(database)


def _run(database: Database, settings: Settings, listener: socket.socket) -> None:
    import uvicorn

    from functions.embedded.app import create_app

    config = uvicorn.Config(
        create_app(database, settings),
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    uvicorn.Server(config).run(sockets=[listener])
