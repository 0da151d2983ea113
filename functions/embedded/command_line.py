"""The ``hunch`` command: the group that its commands are in."""

import click

from functions.config.release import VERSION
from functions.embedded.commands.serve import serve


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="hunch")
def main() -> None:
    """Hunch: a prediction market of your own."""


main.add_command(serve)
