"""Read an account's record of a period."""

from typing import NamedTuple

from domain.model.kernel.errors import AccountNotFoundError
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from domain.model.record.track_record import NO_TAG, TrackRecord, empty_track_record
from domain.port.out.store import RecordReader


class GetRecordRequest(NamedTuple):
    """Whose record, and of which period."""

    account: str
    period: str


class GetRecordResult(NamedTuple):
    """The account, and what it did."""

    account: Account
    track_record: TrackRecord


class GetRecord:
    """The use case."""

    def __init__(self, records: RecordReader) -> None:
        self._records = records

    async def execute(self, request: GetRecordRequest) -> GetRecordResult:
        """Find it; where nothing is counted it is empty.

        Raises:
            AccountNotFoundError: the account has not been opened.
        """
        account_key = key_for(Account, request.account)
        record_key = key_for(TrackRecord, request.account, request.period, NO_TAG)
        snapshot = await self._records.read(account_key, record_key)
        account = snapshot.get(account_key)
        if account is None:
            raise AccountNotFoundError(request.account)
        nothing = empty_track_record(account.id, request.period, NO_TAG, account.created_at)
        return GetRecordResult(account, snapshot.get(record_key) or nothing)
