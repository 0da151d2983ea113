import re
from pathlib import Path

from functions.registry import HTTP_TRIGGERS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text().splitlines()
CONTRACT = (ROOT / "docs" / "api.md").read_text().splitlines()
HEADING = "| endpoint | what it does | who |"


def test_the_endpoint_table_is_the_registry() -> None:
    """Each HTTP function is a row, in the registry's order, and there is no other row."""
    start = CONTRACT.index(HEADING) + 2
    end = CONTRACT.index("", start)
    assert CONTRACT[start:end] == [
        f"| `{http.method} {http.path}` | {http.summary} | {http.serves.value} |" for http in HTTP_TRIGGERS.values()
    ]


def test_it_is_short() -> None:
    """People read a README of at most 100 lines, beside the table in which they look things up."""
    assert len(README) - len(HTTP_TRIGGERS) <= 100


def test_security_names_tests_that_exist() -> None:
    """Each claim of the threat model names the test that holds it."""
    text = (ROOT / "docs" / "security.md").read_text()
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", text)
    assert len(named) > 30
    for path, test in named:
        assert (ROOT / path).is_file(), path
        assert f"def {test}(" in (ROOT / path).read_text() if test else True, f"{path}::{test}"


def test_every_decision_is_in_the_index() -> None:
    """Under the address that its heading has, and in the same order."""
    text = (ROOT / "docs" / "decisions.md").read_text()
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    index = re.findall(r"^- (\S+) \[(.+)\]\(#(\S+)\)", text, re.MULTILINE)
    assert [f"{date} {title}" for date, title, _ in index] == headings
    assert [anchor for _, _, anchor in index] == [_anchor(heading) for heading in headings]


def _anchor(heading: str) -> str:
    """The address of a heading, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
