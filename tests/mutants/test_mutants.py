import pytest

from tests.mutants.mutants import MUTANTS, Mutant


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_every_planted_bug_still_applies(mutant: Mutant) -> None:
    """Whoever changes what a mutant changes brings the mutant up to date: `make mutants` would stop there."""
    for change in mutant.changes:
        assert change.source().count(change.old) == 1
