"""The settings of a command: those of its environment, and what its options say instead."""

import os

import click

from functions.config.settings import InvalidSettingError, Settings, read_public_url


def read_settings(public_url: str | None = None) -> Settings:
    """The settings.

    Args:
        public_url: what ``--public-url`` says; None where it is not given.

    Raises:
        click.ClickException: a setting has a value that it cannot have.
    """
    try:
        settings = Settings.from_environment(os.environ)
        return (
            settings
            if public_url is None
            else settings._replace(public_url=read_public_url("--public-url", public_url))
        )
    except InvalidSettingError as error:
        raise click.ClickException(str(error)) from error
