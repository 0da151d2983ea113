"""What every adapter finds of results and boards."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.model.kernel.money import Money
from domain.model.record.result import CalibrationStep, Result, result_shard
from domain.model.record.track_record import ALL, NO_TAG, Board, Measure, TrackRecord
from domain.port.out.paging import InvalidCursorError
from domain.port.out.record import BoardPlace
from domain.port.out.store import Insert, Replace
from domain.port.out.unit_of_work import Committed
from tests.contract.conftest import Adapter
from tests.fakes.clock import START
from tests.fakes.samples import ANN, ANNS_RESULT, ANNS_TRACK_RECORD, RAIN, RAIN_BOOK

POINTS = Board(ALL, NO_TAG, Measure.POINTS)


async def _store(adapter: Adapter, *records: object) -> None:
    for record in records:
        assert await adapter.commit(Insert(record)) == Committed()


async def _accounts(adapter: Adapter, *names: str) -> None:
    await _store(adapter, *(replace(ANN, id=name) for name in names))


def _result(market: str, minutes: int, account: str = "ann") -> Result:
    return replace(ANNS_RESULT, market=market, account=account, resolved_at=START + timedelta(minutes=minutes))


def _ranked(account: str, points: int, profit: int = 0, brier: str | None = None) -> TrackRecord:
    """Somebody with ten markets; without purchases where there is no Brier score."""
    weight, squares = (Decimal(0), Decimal(0)) if brier is None else (Decimal(1), Decimal(brier))
    return replace(
        ANNS_TRACK_RECORD,
        account=account,
        markets=10,
        points=points,
        profit=Money(profit),
        weight=weight,
        squares=squares,
    )


async def test_results_of_an_account(adapter: Adapter) -> None:
    """The latest decided first, those of one instant by their markets backwards; nobody else's; page by page."""
    slugs = ("rain", "snow", "hail", "fog")
    await _accounts(adapter, "ann", "bob")
    for slug in slugs:
        await _store(adapter, replace(RAIN, slug=slug), replace(RAIN_BOOK, slug=slug))
    expected = [_result("hail", 5), _result("snow", 3), _result("rain", 3), _result("fog", 1)]
    await _store(adapter, *expected[::-1], _result("hail", 5, "bob"))
    found, cursor = list[Result](), None
    for _ in range(4):
        page = await adapter.ports.track_records.find_results("ann", 1, cursor)
        found += page.items
        cursor = page.cursor
    assert found == expected
    if cursor is not None:
        assert (await adapter.ports.track_records.find_results("ann", 1, cursor)).items == ()
    assert (await adapter.ports.track_records.find_results("ann", 9)).items == tuple(expected)
    assert (await adapter.ports.track_records.find_results("cid", 9)).items == ()


@pytest.mark.parametrize(
    "cursor", ["", "x", "2026-11-23T12:00:00.000000Z", "#rain", "~", "2026-11-23T12:00:00.000000Z#"]
)
async def test_cursors_that_are_none(adapter: Adapter, cursor: str) -> None:
    """What no list gives is refused."""
    with pytest.raises(InvalidCursorError):
        await adapter.ports.track_records.find_results("ann", 1, cursor)


async def test_results_of_a_shard(adapter: Adapter) -> None:
    """Every result of one shard of a market, by account, from behind one on, as soon as it is written."""
    names = sorted(name for name in (f"trader-{number}" for number in range(200)) if result_shard(name) == 3)[:5]
    await _accounts(adapter, "ann", *names, "zoe")
    await _store(adapter, RAIN, RAIN_BOOK, replace(RAIN, slug="snow"), replace(RAIN_BOOK, slug="snow"))
    results = [_result("rain", 1, name) for name in names]
    await _store(adapter, *results[::-1], _result("snow", 1, names[0]))
    find = adapter.ports.track_records.find_results_after
    assert list(await find("rain", 3, "", 9)) == results
    assert list(await find("rain", 3, names[1], 2)) == results[2:4]
    assert list(await find("rain", 3, names[-1], 2)) == []
    assert list(await find("rain", 4, "", 9)) == []


async def test_boards(adapter: Adapter) -> None:
    """Each measure ranks by itself, the best first; of equal ones those that sort later; page by page."""
    await _accounts(adapter, "ann", "bob", "cid", "dan")
    people = {
        "ann": _ranked("ann", 5, -7, "0.25"),
        "bob": _ranked("bob", -3, 9),
        "cid": _ranked("cid", 5, 0, "0.9"),
        "dan": replace(_ranked("dan", 2**62, -(2**62), "0"), markets=9),
    }
    await _store(adapter, *people.values())
    expected = {
        Measure.POINTS: ["dan", "cid", "ann", "bob"],
        Measure.PROFIT: ["bob", "cid", "ann", "dan"],
        Measure.BRIER: ["ann", "cid"],
    }
    find = adapter.ports.track_records.find_leaders
    for measure, names in expected.items():
        board = Board(ALL, NO_TAG, measure)
        assert list(await find(board, 9)) == [people[name] for name in names]
    first = await find(POINTS, 2)
    assert [each.account for each in await find(POINTS, 9, BoardPlace(5, first[-1].account))] == ["ann", "bob"]


async def test_boards_are_apart(adapter: Adapter) -> None:
    """A record is on the boards of its own period and tag, and on no others."""
    await _accounts(adapter, "ann")
    records = [
        replace(_ranked("ann", 1), period=period, tag=tag) for period, tag in ((ALL, NO_TAG), (ALL, "x"), ("2026", ""))
    ]
    await _store(adapter, *records)
    for record in records:
        board = Board(record.period, record.tag, Measure.POINTS)
        assert list(await adapter.ports.track_records.find_leaders(board, 9)) == [record]
    assert list(await adapter.ports.track_records.find_leaders(Board("2027", NO_TAG, Measure.POINTS), 9)) == []


async def test_a_record_moves(adapter: Adapter) -> None:
    """What was replaced is on its new places alone, and leaves a board that no longer ranks it."""
    await _accounts(adapter, "ann", "bob")
    before, other = _ranked("ann", 5, 5, "0.5"), _ranked("bob", 4, 6, "0.4")
    await _store(adapter, before, other)
    after = replace(_ranked("ann", 3, 5), version=before.version + 1)
    assert await adapter.commit(Replace(after, read=before)) == Committed()
    find = adapter.ports.track_records.find_leaders
    assert list(await find(POINTS, 9)) == [other, after]
    assert list(await find(Board(ALL, NO_TAG, Measure.PROFIT), 9)) == [other, after]
    assert list(await find(Board(ALL, NO_TAG, Measure.BRIER), 9)) == [other]


async def test_sums_of_any_size(adapter: Adapter) -> None:
    """Sums that no integer of 64 bits holds come back digit by digit."""
    huge = Decimal("123456789012345678901234567890.123456789012345678")
    steps = (CalibrationStep(0, huge, Decimal("0.000001")), CalibrationStep(9, Decimal("0.000001"), huge))
    await _accounts(adapter, "ann")
    record = replace(ANNS_TRACK_RECORD, weight=huge, squares=huge, steps=steps)
    await _store(adapter, record)
    assert list(await adapter.ports.track_records.find_leaders(POINTS, 1)) == [record]
