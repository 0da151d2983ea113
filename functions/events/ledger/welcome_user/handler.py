"""The user pool, on Lambda: opens the account of somebody who has just signed up."""

from domain.application.ledger.open_account import OpenAccountRequest
from domain.model.admission.subject import account_of_subject
from domain.model.kernel.caller import Caller
from domain.model.kernel.command import Idempotency
from functions.adapter.in_.lambda_.event_handler import sign_up_handler
from functions.config.dynamodb import ports
from functions.config.wiring.ledger.open_account import open_account

_open_account = open_account(ports())


async def _welcome(subject: str) -> None:
    once = Idempotency("sign-up", "sign-up")
    await _open_account.execute(OpenAccountRequest(Caller(account_of_subject(subject)), once))


handler = sign_up_handler("welcome_user", _welcome)
