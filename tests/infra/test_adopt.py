"""Restored tables get what a stack gives its own, and the options that adopt them."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from functions.adapter.out.dynamodb.tables import Tables, create_tables
from functions.registry.deployed import CORE_INDEXES, EXPIRES_AT, LEDGER_INDEXES
from infra.adopt import IndexNotReadyError, adopt, main
from infra.bundles import context_of
from infra.options import Options
from tests.fakes.dynamodb import ENVIRONMENT, connect, mocked_aws

RESTORED = Tables(core="core-restored", ledger="ledger-restored")
KEY: Any = [{"AttributeName": "PK", "KeyType": "HASH"}]
ATTRIBUTES: Any = [{"AttributeName": "PK", "AttributeType": "S"}]


OPTIONS = Options(table_read_units=700, table_write_units=300)
BOUND = {"MaxReadRequestUnits": 700, "MaxWriteRequestUnits": 300}


class BoundedDatabase:
    """DynamoDB as it remembers the most units a second, which moto does not, and fills indexes in its own time.

    Args:
        inner: moto's client.
    """

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self.bounds: dict[str, dict[str, Any]] = {}
        self.changes: list[dict[str, Any]] = []
        self.filling = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def update_table(self, **change: Any) -> None:
        """Take down bounds, and let moto do the rest."""
        self.changes.append(dict(change))
        table, updates = change["TableName"], change.get("GlobalSecondaryIndexUpdates", [])
        bounds = self.bounds.setdefault(table, {})
        bounds |= {"": change.pop("OnDemandThroughput")} if "OnDemandThroughput" in change else {}
        bounded = [each["Update"] for each in updates if "Update" in each]
        bounds |= {each["IndexName"]: each["OnDemandThroughput"] for each in bounded}
        if change.keys() - {"TableName"} and not bounded:
            self._inner.update_table(**change)

    def describe_table(self, **asked: Any) -> Any:
        """A table with its bounds; the first so many times one of its indexes is being filled."""
        described = self._inner.describe_table(**asked)
        table, bounds = described["Table"], self.bounds.get(asked["TableName"], {})
        for index in table.get("GlobalSecondaryIndexes", []):
            bound = bounds.get(index["IndexName"])
            index.update({"OnDemandThroughput": bound} if bound else {})
            index.update(IndexStatus="CREATING" if self.filling > 0 else "ACTIVE")
            self.filling -= 1
        table |= {"OnDemandThroughput": bounds[""]} if "" in bounds else {}
        return described


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch) -> Iterator[BoundedDatabase]:
    """A DynamoDB with two tables as a restore leaves them, of a release without any index."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    with mocked_aws():
        client = connect()
        for table in RESTORED:
            client.create_table(
                TableName=table, KeySchema=KEY, AttributeDefinitions=ATTRIBUTES, BillingMode="PAY_PER_REQUEST"
            )
        yield BoundedDatabase(client)


def test_restored_tables(database: BoundedDatabase) -> None:
    """Both can be recovered and not deleted, items expire, and the ledger has the stream that the options name."""
    said = adopt(database, *RESTORED, OPTIONS)
    core, ledger = (database.describe_table(TableName=table)["Table"] for table in RESTORED)
    for table in (core, ledger):
        backups = database.describe_continuous_backups(TableName=table["TableName"])["ContinuousBackupsDescription"]
        assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"
        assert table["DeletionProtectionEnabled"]
    lives = database.describe_time_to_live(TableName=RESTORED.core)["TimeToLiveDescription"]
    assert (lives["TimeToLiveStatus"], lives["AttributeName"]) == ("ENABLED", EXPIRES_AT)
    assert ledger["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
    assert "StreamSpecification" not in core
    options = Options.from_context(context_of(said.split()))
    assert (options.core_table, options.ledger_table) == RESTORED
    assert options.ledger_stream == ledger["LatestStreamArn"]


def test_once_more(database: BoundedDatabase) -> None:
    """It says the same, and asks AWS for no change that was made: that would be refused."""
    said = adopt(database, *RESTORED, OPTIONS)
    database.changes.clear()
    assert adopt(database, *RESTORED, OPTIONS) == said
    assert database.changes == []


def test_they_cannot_cost_any_amount(database: BoundedDatabase) -> None:
    """Each table, and each index of one, has the bound that the options say, as those of a stack have."""
    adopt(database, *RESTORED, OPTIONS)
    for table, indexes in zip(RESTORED, (CORE_INDEXES, LEDGER_INDEXES), strict=True):
        assert database.bounds[table] == {"": BOUND, **{index.name: BOUND for index in indexes}}


def test_indexes_that_an_earlier_release_had_not(database: BoundedDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are made as the stack makes them, one after another: each waits until those before are filled."""
    waited: list[float] = []
    monkeypatch.setattr("infra.adopt.time.sleep", waited.append)
    database.filling = 3
    adopt(database, *RESTORED, OPTIONS)
    created = Tables(core="core-created", ledger="ledger-created")
    create_tables(connect(), created)
    for table, fresh in zip(RESTORED, created, strict=True):
        made, expected = (database.describe_table(TableName=each)["Table"] for each in (table, fresh))
        assert _keys(made) == _keys(expected)
    assert waited == [10.0, 10.0, 10.0]
    created_at_once = [_created(change) for change in database.changes if _created(change)]
    assert created_at_once == [1] * (len(CORE_INDEXES) + len(LEDGER_INDEXES))


def test_an_index_that_takes_too_long(database: BoundedDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line says so; to run it again goes on."""
    monkeypatch.setattr("infra.adopt.time.sleep", lambda _: None)
    database.filling = 10_000
    with pytest.raises(IndexNotReadyError, match="core-restored"):
        adopt(database, *RESTORED, OPTIONS)
    database.filling = 0
    assert adopt(database, *RESTORED, OPTIONS)


def _created(change: Mapping[str, Any]) -> int:
    """How many indexes a change makes."""
    return sum("Create" in each for each in change.get("GlobalSecondaryIndexUpdates", []))


def _keys(table: Mapping[str, Any]) -> dict[str, Any]:
    """The keys and the projections of a table's indexes, by their names."""
    return {each["IndexName"]: (each["KeySchema"], each["Projection"]) for each in table["GlobalSecondaryIndexes"]}


def test_a_table_that_is_not_there(database: BoundedDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line says so."""
    monkeypatch.setattr("sys.argv", ["adopt", RESTORED.core, "nobody"])
    monkeypatch.setattr("boto3.client", lambda _: database)
    with pytest.raises(SystemExit, match=r"^The tables were not prepared: .*") as ended:
        main()
    assert "\n" not in str(ended.value)
