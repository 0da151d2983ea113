"""Every problem has its page: what the server refuses with is explained in web/, each in its own words."""

import re
from collections.abc import Iterator
from pathlib import Path

from domain.model.kernel.errors import DomainError
from functions.adapter.in_.http import problem_details
from functions.adapter.in_.http.problem_details import STATUS_OF, Problem

EXPLANATIONS = Path(__file__).parents[3] / "web" / "src" / "pages" / "problem" / "explanations.ts"
ENTRY = re.compile(
    r'^  "?(?P<code>[a-z-]+)"?: explain\(\s*"(?P<title>.+)",\s*(?P<status>\d+),'
    r'\s*"(?P<meaning>.+)",\s*"(?P<remedy>.+)"',
    re.MULTILINE,
)


def refusals(kind: type[DomainError] = DomainError) -> Iterator[type[DomainError]]:
    """Every refusal of the domain that has a code."""
    for refusal in kind.__subclasses__():
        if hasattr(refusal, "code"):
            yield refusal
        yield from refusals(refusal)


def test_every_problem_has_its_page() -> None:
    """The page knows the codes that the server answers with, each with its status, and no others."""
    of_http = [problem for problem in vars(problem_details).values() if isinstance(problem, Problem)]
    known = {refusal.code: STATUS_OF[refusal.category] for refusal in refusals()}
    known |= {problem.code: problem.status for problem in of_http}
    entries = list(ENTRY.finditer(EXPLANATIONS.read_text()))
    assert {entry["code"]: int(entry["status"]) for entry in entries} == known
    for part in ("title", "meaning", "remedy"):
        assert len({entry[part] for entry in entries}) == len(known), f"two problems share a {part}"
