"""The ``hunch`` command."""

import os
import signal
import socket
import sqlite3
import sys
from pathlib import Path

import click
import uvicorn

from functions.adapter.out.sqlite.database import Database, DatabaseTooNewError
from functions.config.release import VERSION
from functions.config.settings import InvalidSettingError, Settings
from functions.embedded.app import create_app
from functions.embedded.demo import fill_demo
from functions.embedded.host_guard import LOOPBACK_NAMES

GRACE_SECONDS = 5


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="hunch")
def main() -> None:
    """Hunch: a prediction market of your own."""


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="The port; 0 for any.")
@click.option(
    "--database",
    default=Path("hunch.db"),
    show_default=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The SQLite file that holds everything; made if it is not there.",
)
@click.option("--demo", is_flag=True, help="Fill a database that is not there yet with a few lively markets.")
def serve(host: str, port: int, database: Path, demo: bool) -> None:
    """Serve the market on this machine.

    Accounts need no password here, so it listens on the loopback address only. Set HUNCH_STARTING_GRANT to the
    credits a new account gets (1000 if unset). Ctrl-C stops it; nothing that was acknowledged is ever lost.
    """
    _require_loopback(host)
    settings = _settings()
    with _listen(host, port) as listener:
        if demo:
            fill_demo(database, settings)
        with _open(database) as opened:
            address = f"http://{'127.0.0.1' if host == 'localhost' else host}:{listener.getsockname()[1]}"
            click.echo(f"Hunch {VERSION} serves {database} at {address} (API: {address}/docs). Ctrl-C stops it.")
            _run(uvicorn.Server(_server_config(opened, settings)), listener)
    click.echo("Stopped. Everything is kept.")


def _require_loopback(host: str) -> None:
    if host not in LOOPBACK_NAMES:
        raise click.BadParameter(
            f"{host} can be reached by others, and accounts here need no password. Use 127.0.0.1.",
            param_hint="--host",
        )


def _settings() -> Settings:
    try:
        return Settings.from_environment(os.environ)
    except InvalidSettingError as error:
        raise click.ClickException(str(error)) from error


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port))
    except OSError as error:
        reason = error.strerror or error
        raise click.ClickException(f"Cannot listen on {host}:{port}: {reason}. Choose another with --port.") from error


def _open(database: Path) -> Database:
    try:
        return Database.open(database)
    except (OSError, sqlite3.Error, DatabaseTooNewError) as error:
        raise click.ClickException(f"Cannot open the database {database}: {error}") from error


def _server_config(database: Database, settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        create_app(database, settings),
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def _run(server: uvicorn.Server, listener: socket.socket) -> None:
    """Serve until interrupted or terminated; the server stops in order, then raises the signal once more."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        return
