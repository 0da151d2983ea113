"""Hints to pages: what dispatch_ledger publishes, signed, and that nothing there holds up the ledger."""

import asyncio
import threading
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
from botocore.exceptions import NoCredentialsError
from botocore.httpsession import URLLib3Session

from domain.model.kernel.money import MICROS
from domain.port.out.hints import Hint
from functions.adapter.out import aws_client
from functions.adapter.out.appsync.hints import AppSyncHints
from functions.registry import HINTS_URL
from tests.fakes.appsync import FakeAppSync, fake_appsync
from tests.integration.events.conftest import CREDENTIALS, TABLES, Cloud, Logs, Metrics
from tests.integration.events.shapes import Json, deliver, raw_stream_record

SECRET = CREDENTIALS["AWS_SECRET_ACCESS_KEY"]


@pytest.fixture
def api(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeAppSync]:
    """AppSync, and a market of which Bob has bought."""

    async def live() -> None:
        for account in ("ann", "bob"):
            await cloud.world.open(account)
        await cloud.world.publish("rain", "ann")
        await cloud.world.buy("bob", "rain", "YES", MICROS)

    cloud.live(live())
    aws_client._session.cache_clear()
    with fake_appsync(SECRET) as fake:
        monkeypatch.setenv(HINTS_URL, fake.url)
        yield fake
    aws_client._session.cache_clear()


def ledger(cloud: Cloud) -> list[Json]:
    """The stream records of everything in the ledger."""
    return [
        raw_stream_record({key: item[key] for key in ("PK", "SK")}, item, place)
        for place, item in enumerate(cloud.items(TABLES.ledger))
    ]


def test_a_batch_is_one_signed_message(cloud: Cloud, api: FakeAppSync, metrics: Metrics) -> None:
    """To the market's channel, of where it is now; and another one two seconds later at the soonest."""
    handler, records = cloud.start("dispatch_ledger"), ledger(cloud)
    assert deliver(handler, records) == []
    ((channel, event),) = api.events()
    assert channel == "/markets/rain"
    assert event == {"position": 2, "prices": {"YES": "0.502500", "NO": "0.497500"}}
    assert api.refused == 0
    assert metrics.counts() == [{"done": len(records), "hints": 1}]
    for seconds, published in ((1, 1), (1, 2)):
        cloud.clock.advance(timedelta(seconds=seconds))
        assert deliver(handler, records) == []
        assert len(api.published) == published


def test_without_a_place_for_hints_there_are_none(
    cloud: Cloud, api: FakeAppSync, metrics: Metrics, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where the option is off."""
    monkeypatch.delenv(HINTS_URL)
    records = ledger(cloud)
    assert deliver(cloud.start("dispatch_ledger"), records) == []
    assert api.published == []
    assert metrics.counts() == [{"done": len(records)}]


@pytest.mark.parametrize("trouble", ["unavailable", "failed", "not signed", "hangs up"])
def test_a_lost_hint_holds_up_nothing(
    cloud: Cloud, api: FakeAppSync, logs: Logs, metrics: Metrics, trouble: str
) -> None:
    """Workers are rung for, no record comes again, and the loss is counted and logged, once."""
    match trouble:
        case "unavailable":
            api.status = 503
        case "failed":
            api.failed = True
        case "not signed":
            api.secret = "another"
        case _:
            api.hangs_up = True
    handler, records = cloud.start("dispatch_ledger"), ledger(cloud)
    assert deliver(handler, records) == []
    assert cloud.functions.rings("project_price_history") == ["rain"]
    assert metrics.counts() == [{"done": len(records), "hints-lost": 1}]
    assert [line["level"] for line in logs.lines if "hints were lost" in line["message"]] == ["WARNING"]


def test_a_failing_store_is_counted(cloud: Cloud, api: FakeAppSync, logs: Logs, metrics: Metrics) -> None:
    """The same where the books cannot be read: the rings need none."""
    handler, records = cloud.start("dispatch_ledger"), ledger(cloud)
    cloud.client.inner = None
    assert deliver(handler, records) == []
    assert metrics.counts() == [{"done": len(records), "untold": 1}]
    assert [line["level"] for line in logs.lines if "nobody was told" in line["message"]] == ["ERROR"]


def test_a_lost_ring_is_no_reason_to_say_nothing(cloud: Cloud, api: FakeAppSync, metrics: Metrics) -> None:
    """What comes again for a worker's sake was published in its batch, and is not once more for each record of it."""
    handler, records = cloud.start("dispatch_ledger"), ledger(cloud)
    cloud.functions.refused.add("project_price_history")
    assert len(deliver(handler, records)) == 1
    assert [channel for channel, _ in api.events()] == ["/markets/rain"]
    assert metrics.counts() == [{"done": len(records) - 1, "failed": 1, "hints": 1}]


def test_a_silent_channel_costs_so_long_and_no_longer(api: FakeAppSync) -> None:
    """All hints of a batch wait together, and what has no answer by then is lost."""
    api.silent = threading.Event()
    signer = partial(aws_client.create_signer, "appsync")
    hints = AppSyncHints(api.url, signer, URLLib3Session(timeout=2, max_pool_connections=16), patience=0.05)

    async def publish() -> int:
        lost = await hints.publish([Hint(f"market-{number}", 1, ()) for number in range(40)])
        assert api.silent
        api.silent.set()
        return lost

    assert asyncio.run(publish()) == 40
    assert asyncio.run(hints.publish([])) == 0


def test_nobody_signs_without_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says so, in place of sending what nobody takes."""

    class Nobody:
        def get_credentials(self) -> None:
            return None

    monkeypatch.setattr(aws_client, "_session", Nobody)
    with pytest.raises(NoCredentialsError):
        aws_client.create_signer("appsync")
