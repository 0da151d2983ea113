"""One running instance for all tests of the commands, and a way to call them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from functions.adapter.out.client import connection, instance
from functions.embedded.command_line import main
from functions.embedded.commands import local_instance
from functions.embedded.commands.serve import OPEN_TO_ALL
from tests.integration.embedded.commands.instance import Running, running

type Hunch = Callable[..., Result]


@pytest.fixture(scope="session")
def shared_instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One instance for all; tests that write to it use accounts of their own."""
    with running(tmp_path_factory.mktemp("instance")) as serving:
        yield serving


@pytest.fixture
def remote(shared_instance: Running, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """The instance with nobody meddling, seen in pages of four, by clients that wait for nothing."""
    for module in (instance, local_instance):
        monkeypatch.setattr(module, "PAGE", 4)
    monkeypatch.setattr(connection, "_RETRY", connection._RETRY.new(backoff_factor=0))
    yield shared_instance
    shared_instance.meddler.meddle = None
    shared_instance.meddler.answers.clear()
    shared_instance.meddler.asked.clear()


@pytest.fixture
def hunch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hunch:
    """Calls the command in an empty folder, with no credential but what a test gives."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HUNCH_TOKEN", raising=False)

    def call(*arguments: object, **environment: str) -> Result:
        return CliRunner(env=environment).invoke(main, [str(argument) for argument in arguments])

    return call


def complaints(ended: Result) -> str:
    """What a server said on standard error, but for what it says whenever it needs no passwords."""
    return ended.stderr.replace(f"{OPEN_TO_ALL}\n", "")
