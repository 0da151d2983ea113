"""The ``hunch`` command: the group that its commands are in."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from functions.config.release import VERSION
from functions.embedded.commands.backup import backup, restore
from functions.embedded.commands.demo import demo
from functions.embedded.commands.export import export
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
        raise _MistakeError(f"{_plain(mistake.format_message())} See {command} --help.") from mistake
    except click.ClickException as failure:
        raise click.ClickException(_plain(failure.format_message())) from failure


def _plain(message: str) -> str:
    """The message on one line, without anything that a terminal would obey: it may quote what others have written."""
    return "".join(sign if sign.isprintable() else "?" for sign in " ".join(message.split()))


@click.group(cls=PlainFailures, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="hunch")
def main() -> None:
    """Hunch: a prediction market of your own."""


for command in (serve, demo, backup, restore, grant, token, invite, export, verify, reconcile, simulate, mcp):
    main.add_command(command)
