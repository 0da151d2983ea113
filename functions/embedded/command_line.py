"""The ``hunch`` command: the group that its commands are in."""

import errno
import logging
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
import msgspec

from domain.model.kernel.errors import DomainError
from functions.adapter.out.sqlite.trouble import DAMAGED, BusyError, trouble_of
from functions.adapter.out.sqlite.writer import CommitInDoubtError
from functions.config.release import VERSION
from functions.embedded.commands.backup import backup, restore
from functions.embedded.commands.demo import demo
from functions.embedded.commands.export import export
from functions.embedded.commands.forget import forget
from functions.embedded.commands.grant import grant
from functions.embedded.commands.invite import invite
from functions.embedded.commands.mcp import mcp
from functions.embedded.commands.reconcile import reconcile
from functions.embedded.commands.serve import serve
from functions.embedded.commands.simulate import simulate
from functions.embedded.commands.token import token
from functions.embedded.commands.verify import verify


class PlainFailures(click.Group):
    """A group whose every failure, also of its commands, is one line."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:  # noqa: ANN401 -- as click declares it
        """Read the group's own arguments."""
        with _one_line():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 -- as click declares it
        """Read the command's arguments and run it."""
        with _one_line():
            return super().invoke(ctx)


class _MistakeError(click.ClickException):
    exit_code = click.UsageError.exit_code


@contextmanager
def _one_line() -> Iterator[None]:
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as mistake:
        command = mistake.ctx.command_path if mistake.ctx else "hunch"
        text = _plain(mistake.format_message()).removesuffix(".")
        raise _MistakeError(f"{text}. See {command} --help.") from mistake
    except click.ClickException as failure:
        raise click.ClickException(_plain(failure.format_message())) from failure
    except DomainError as refusal:
        raise click.ClickException(_plain(str(refusal))) from refusal
    except OSError as error:
        if error.errno == errno.EPIPE:  # whoever reads has had enough
            raise
        _give_up_output()
        where = f" {error.filename}" if error.filename else ""
        raise click.ClickException(_plain(f"Cannot read or write{where}: {error.strerror or error}.")) from error
    except (sqlite3.Error, BusyError, CommitInDoubtError) as error:
        trouble = trouble_of(error)
        reason = f"{trouble.cause}. {trouble.remedy}" if trouble else f"{error}."
        raise click.ClickException(_plain(f"Cannot read or write the database: {reason}")) from error
    except (
        msgspec.DecodeError
    ) as error:  # a record that no release has written; answers of instances are read elsewhere
        raise click.ClickException(f"Cannot read the database: {DAMAGED.cause}. {DAMAGED.remedy}") from error


def _give_up_output() -> None:
    """Throw away what could not be written: Python would try once more when it ends, and complain."""
    if sys.stdout is None:  # there is no standard output
        return
    try:
        sys.stdout.flush()
    except OSError:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)


def _plain(message: str) -> str:
    """The message on one line, without anything that a terminal would obey: it may quote what others have written."""
    return "".join(sign if sign.isprintable() else "?" for sign in " ".join(message.split()))


@click.group(cls=PlainFailures, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="hunch")
@click.pass_context
def main(context: click.Context) -> None:
    """Hunch: a prediction market of your own."""
    if context.invoked_subcommand != "serve":  # what a server logs, a command says in the one line that it ends with
        logging.getLogger("functions").addHandler(logging.NullHandler())


for command in (serve, demo, backup, restore, grant, token, invite, forget, export, verify, reconcile, simulate, mcp):
    main.add_command(command)
