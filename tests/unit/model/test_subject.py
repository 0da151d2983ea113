import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.admission.subject import account_of_subject
from domain.model.kernel.names import is_slug


@pytest.mark.parametrize("subject", ["ann", "0", "a-b", "a" * 64, "d8a2f7c2-8a41-4c39-9b5e-2d1c3f4e5a6b", "id-1"])
def test_slugs_stay_themselves(subject: str) -> None:
    """A subject that can be an account's name is it: Cognito's are."""
    assert account_of_subject(subject) == subject


@given(st.text(min_size=1, max_size=80))
def test_every_subject_has_an_account(subject: str) -> None:
    """Whatever it is, there is one name for it, which an account may have."""
    account = account_of_subject(subject)
    assert is_slug(account)
    assert account == account_of_subject(subject)


def test_no_two_share_an_account() -> None:
    """Neither those that differ in what is not allowed, nor one that is spelled like another's account."""
    subjects = ["Ann", "ann", "ANN", "ann ", "a_n", "a.n", "house", "guest-ann", "market:rain", "a" * 65, "\ud800", ""]
    subjects += [account_of_subject(subject) for subject in ("Ann", "house", "guest-ann")]
    accounts = {account_of_subject(subject) for subject in subjects}
    assert len(accounts) == len(subjects)
    assert "house" not in accounts
    assert not any(account.startswith("guest-") for account in accounts)
