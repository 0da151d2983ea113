"""Each line of the contract has a test, as the marks of the tests here say."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.integration.http.lines import ELSEWHERE, EMBEDDED_LINES, LINES


def shown(path: Path) -> Iterator[str]:
    """The lines that the tests of a file are marked with."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.contract":
            yield from (ast.literal_eval(argument) for argument in node.args)


def test_each_line_has_a_test() -> None:
    """None is without one, and none is marked that the contract does not have."""
    found = {line for path in Path(__file__).parent.glob("test_*.py") for line in shown(path)}
    assert found <= LINES.keys()
    assert found >= LINES.keys() - ELSEWHERE


def test_the_exceptions_are_lines() -> None:
    """What is said of a line is said of one that is there."""
    assert LINES.keys() >= EMBEDDED_LINES | ELSEWHERE
