"""Read what the caller has forecast of some markets."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from domain.model.kernel.caller import Caller
from domain.model.kernel.record import key_for
from domain.model.metaculus.forecast import Forecasts
from domain.port.out.store import RecordReader


class ListForecastsRequest(NamedTuple):
    """Whose forecasts of which markets: at most 100, by slug."""

    caller: Caller
    slugs: Sequence[str]


class ListForecastsResult(NamedTuple):
    """The forecasts by the market's slug; absent where there are none."""

    forecasts: Mapping[str, Forecasts]


class ListForecasts:
    """One read, however many markets."""

    def __init__(self, records: RecordReader) -> None:
        self._records = records

    async def execute(self, request: ListForecastsRequest) -> ListForecastsResult:
        """Find them."""
        keys = {slug: key_for(Forecasts, request.caller.account, slug) for slug in request.slugs}
        view = await self._records.read(*keys.values())
        found = {slug: view.get(key) for slug, key in keys.items()}
        return ListForecastsResult({slug: forecasts for slug, forecasts in found.items() if forecasts is not None})
