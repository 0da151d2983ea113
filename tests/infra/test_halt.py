"""Every function of a stack is stopped and started, and no function of another one."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from functions.registry import FUNCTIONS
from infra.halt import main


class Lambda:
    """What a client of Lambda is asked; it may refuse."""

    def __init__(self, *, refuses: bool = False) -> None:
        self.limits: dict[str, int] = {}
        self._refuses = refuses

    def put_function_concurrency(self, **given: Any) -> None:
        """Set a limit."""
        if self._refuses:
            raise ClientError({"Error": {"Code": "ResourceNotFoundException", "Message": "No."}}, "Put")
        self.limits[given["FunctionName"]] = given["ReservedConcurrentExecutions"]

    def delete_function_concurrency(self, **given: Any) -> None:
        """Take a limit away."""
        del self.limits[given["FunctionName"]]


def run(monkeypatch: pytest.MonkeyPatch, client: Lambda, *words: str) -> None:
    """Run the program."""
    monkeypatch.setattr("sys.argv", ["halt", *words])
    monkeypatch.setattr("boto3.client", lambda _: client)
    main()


def test_stop_and_start(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """None of them runs, the authorizer and the workers included; then none has a limit."""
    client = Lambda()
    run(monkeypatch, client, "stop", "class")
    assert client.limits == {f"class-{function.name}": 0 for function in FUNCTIONS}
    run(monkeypatch, client, "start", "class")
    assert client.limits == {}
    assert capsys.readouterr().out == f"{len(FUNCTIONS)} functions: stop.\n{len(FUNCTIONS)} functions: start.\n"


def test_a_stack_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line says what AWS says."""
    with pytest.raises(SystemExit, match=r"Not all functions were reached: .*It is safe to repeat"):
        run(monkeypatch, Lambda(refuses=True), "stop", "nobody")
