"""Who signs up in the pool finds an account, and is not troubled when that fails."""

from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from functions.adapter.in_.lambda_.event_handler import sign_up_handler
from tests.fakes.world import GRANT
from tests.integration.events.conftest import Cloud, Logs, Metrics
from tests.integration.events.shapes import Json, context

SUBJECT = "0b1c2d3e-4f50-4617-8293-a4b5c6d7e8f9"


def confirmed(subject: str) -> Json:
    """The event of a pool that has confirmed somebody's address."""
    attributes = {"sub": subject, "email": "ann@example.com", "cognito:user_status": "CONFIRMED"}
    return {
        "version": "1",
        "triggerSource": "PostConfirmation_ConfirmSignUp",
        "request": {"userAttributes": attributes},
        "response": {},
    }


def test_an_account_is_opened_once(cloud: Cloud) -> None:
    """Under the name that tokens will give, and the event goes back as the pool wants it; again, nothing changes."""
    handler, event = cloud.start("welcome_user"), confirmed(SUBJECT)
    assert handler(event, context("welcome_user")) == event
    opened = cloud.live(cloud.world.found(key_for(Account, SUBJECT)))
    assert opened.balance == GRANT
    assert handler(event, context("welcome_user")) == event
    assert cloud.live(cloud.world.found(key_for(Account, SUBJECT))) == opened
    cloud.assert_balanced(GRANT.amount)


def test_a_failure_is_told_to_nobody_but_us(logs: Logs, metrics: Metrics) -> None:
    """Signing up has not failed; the page opens the account when its owner comes."""

    async def fail(_: str) -> None:
        raise RuntimeError("no table")

    event = confirmed(SUBJECT)
    assert sign_up_handler("welcome_user", fail)(event, context("welcome_user")) == event
    assert metrics.counts() == [{"failed": 1}]
    assert [line["level"] for line in logs.lines] == ["ERROR"]
