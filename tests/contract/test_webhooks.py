"""The webhooks that are to be told of a market are found in every store, whatever else there is of its name."""

from dataclasses import replace

from domain.model.webhooks.webhook import WebhookStatus
from domain.port.out.store import Insert
from domain.port.out.unit_of_work import Committed
from domain.port.out.webhooks import WebhookName
from tests.contract.conftest import Adapter
from tests.fakes.samples import ANN, ANNS_WEBHOOK, LINKS, RAIN, RAIN_BOOK

OF_ALL = replace(ANNS_WEBHOOK, id="0199" + "e" * 24, market=None)
DISABLED = replace(ANNS_WEBHOOK, id="0199" + "f" * 24, status=WebhookStatus.DISABLED)


async def test_subscribers(adapter: Adapter) -> None:
    """Those about the market, or about all, that are not disabled; an account may have the market's name."""
    rain = replace(ANN, id="rain")
    records = (ANN, rain, RAIN, RAIN_BOOK, ANNS_WEBHOOK, OF_ALL, DISABLED, replace(LINKS, account="rain"))
    assert await adapter.commit(*map(Insert, records)) == Committed()
    for market, webhook in (("rain", ANNS_WEBHOOK), (None, OF_ALL)):
        page = await adapter.ports.webhooks.find_subscribers(market, 10)
        assert (page.items, page.cursor) == ((WebhookName("ann", webhook.id),), None)
