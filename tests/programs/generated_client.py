"""A market's life over a client that was generated from the OpenAPI document: nothing in it was written for us.

It is run beside that client, with an address and the keys of a host and a trader. Every answer is read by the generated
types, which refuse what the document does not describe. What it saw is printed as JSON.
"""

import json
import sys

from generated import AuthenticatedClient, models
from generated.api.accounts import get_me, get_portfolio, list_journal, list_my_trades
from generated.api.comments import list_comments, post_comment
from generated.api.instance import get_health
from generated.api.markets import (
    create_market,
    get_market,
    list_events,
    list_holders,
    list_markets,
    list_prices,
    list_trades,
    publish_market,
    resolve_market,
)
from generated.api.records import get_record, list_leaders
from generated.api.trading import get_order, place_order, quote

SLUG = "rain"


def run(address: str, host_key: str, trader_key: str) -> dict[str, object]:
    """Make a market, trade on it by quantity and by spend, resolve it, and read what there is to read."""
    host, trader = (
        AuthenticatedClient(base_url=address, token=key, raise_on_unexpected_status=True)
        for key in (host_key, trader_key)
    )
    create_market.sync(client=host, body=models.CreateMarketBody(name="Rain?", slug=SLUG, tags=["weather"]))
    publish_market.sync(SLUG, client=host, body=models.EmptyBody())
    by_spend = models.OrderBySpend(outcome="YES", side="buy", spend="10")
    by_quantity = models.OrderByQuantity(outcome="YES", side=models.Side.SELL, quantity="5")
    preview = quote.sync(SLUG, client=trader, body=by_spend)
    bought = place_order.sync(SLUG, client=trader, body=by_spend, idempotency_key="one")
    again = place_order.sync(SLUG, client=trader, body=by_spend, idempotency_key="one")
    sold = place_order.sync(SLUG, client=trader, body=by_quantity, idempotency_key="two")
    refused = place_order.sync(SLUG, client=trader, body=by_quantity, idempotency_key="one")
    post_comment.sync(SLUG, client=trader, body=models.PostCommentBody(text="By the gauge."))
    reads = [
        get_health.sync(client=trader),
        get_me.sync(client=trader),
        get_portfolio.sync(client=trader),
        get_market.sync(SLUG, client=trader),
        get_order.sync(bought.id, client=trader),
        list_comments.sync(SLUG, client=trader),
        list_events.sync(SLUG, client=trader),
        list_holders.sync(SLUG, client=trader),
        list_journal.sync(client=trader),
        list_markets.sync(client=trader, q="rain"),
        list_my_trades.sync(client=trader),
        list_prices.sync(SLUG, client=trader),
        list_trades.sync(SLUG, client=trader),
    ]
    resolved = resolve_market.sync(SLUG, client=host, body=models.ResolutionByOutcome(outcome="YES"))
    reads += [list_leaders.sync(client=trader), get_record.sync("trader", client=trader)]
    return {
        "preview": preview.average_price == bought.average_price,
        "repeated": bought.to_dict() == again.to_dict(),
        "sold": sold.status.value,
        "refused": refused.code,
        "resolved": resolved.status.value,
        "problems": [each.code for each in reads if isinstance(each, models.ProblemDetails)],
        "unread": sum(each is None for each in reads),
    }


if __name__ == "__main__":
    print(json.dumps(run(*sys.argv[1:])))  # noqa: T201 -- what it saw
