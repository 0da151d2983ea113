"""Restored tables get what a stack gives its own, and the options that adopt them."""

from collections.abc import Iterator
from typing import Any

import pytest

from functions.adapter.out.dynamodb.tables import Client, Tables
from functions.registry.deployed import EXPIRES_AT
from infra.adopt import adopt, main
from infra.bundles import context_of
from infra.options import Options
from tests.fakes.dynamodb import ENVIRONMENT, connect, mocked_aws

RESTORED = Tables(core="core-restored", ledger="ledger-restored")
KEY: Any = [{"AttributeName": "PK", "KeyType": "HASH"}]
ATTRIBUTES: Any = [{"AttributeName": "PK", "AttributeType": "S"}]


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """A DynamoDB with two tables as a restore leaves them."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    with mocked_aws():
        client = connect()
        for table in RESTORED:
            client.create_table(
                TableName=table, KeySchema=KEY, AttributeDefinitions=ATTRIBUTES, BillingMode="PAY_PER_REQUEST"
            )
        yield client


def test_restored_tables(database: Client) -> None:
    """Both can be recovered and not deleted, items expire, and the ledger has the stream that the options name."""
    said = adopt(database, *RESTORED)
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


def test_once_more(database: Client) -> None:
    """It says the same, and asks AWS for no change that was made: that would be refused."""
    assert adopt(database, *RESTORED) == adopt(database, *RESTORED)


def test_a_table_that_is_not_there(database: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line says so."""
    monkeypatch.setattr("sys.argv", ["adopt", RESTORED.core, "nobody"])
    monkeypatch.setattr("boto3.client", lambda _: database)
    with pytest.raises(SystemExit, match=r"^The tables were not prepared: .*") as ended:
        main()
    assert "\n" not in str(ended.value)
