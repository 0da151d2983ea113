"""Where hints for pages are published, where there is such a place."""

import os
from functools import partial

from botocore.httpsession import URLLib3Session

from domain.application.instance.hint_markets import HintMarkets
from functions.adapter.out.appsync.hints import TIMEOUT_SECONDS, AppSyncHints
from functions.adapter.out.aws_client import create_signer
from functions.config.dynamodb import ports
from functions.registry import HINTS_URL

_SERVICE = "appsync"
_CONNECTIONS = 16


def hint_markets() -> HintMarkets | None:
    """What publishes hints from this Lambda environment; None where HINTS_URL names no place for them."""
    url = os.environ.get(HINTS_URL)
    if not url:
        return None
    made = ports()
    session = URLLib3Session(timeout=TIMEOUT_SECONDS, max_pool_connections=_CONNECTIONS)
    hints = AppSyncHints(url, partial(create_signer, _SERVICE), session)
    return HintMarkets(made.persistence.records, hints, made.clock)
