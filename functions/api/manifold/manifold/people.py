"""Reading users, what they hold of a market, and what they say of it."""

from collections import defaultdict
from datetime import timedelta

from pydantic import Field

from domain.application.discussion.list_comments import ListCommentsRequest
from domain.application.ledger.get_portfolio import GetPortfolioRequest
from domain.application.record.get_record import GetRecordRequest
from domain.application.record.list_results import ListResultsRequest, NamedResult
from domain.application.trading.list_holders import Holder, ListHoldersRequest
from domain.model.discussion.comment import Comment
from domain.model.record.result import Result
from domain.model.record.track_record import ALL
from domain.port.out.paging import Page
from functions.adapter.in_.manifold.people import PERIODS, Gains, Json, comment, own_user, position, user
from functions.adapter.in_.manifold.use_cases import ManifoldUseCases
from functions.adapter.in_.surface.application import Call, Parameters
from functions.adapter.in_.surface.pages import items_of
from functions.adapter.in_.surface.refusal import wrong
from functions.api.manifold.manifold.reading import PAGE, PAGES, find_account, find_market, names_of


class PositionParameters(Parameters):
    """Whose positions, or how many of the best and of the worst."""

    user_id: str | None = None
    top: int | None = Field(default=None, ge=0, le=1000)
    bottom: int | None = Field(default=None, ge=0, le=1000)
    order: str | None = None
    answer_id: str | None = None


class CommentParameters(Parameters):
    """On which market, and by whom."""

    contract_id: str | None = None
    contract_slug: str | None = None
    user_id: str | None = None
    limit: int = Field(default=1000, ge=0, le=1000)
    page: int = Field(default=0, ge=0, le=100)


class People:
    """The operations that read what people are, hold and say."""

    def __init__(self, use_cases: ManifoldUseCases) -> None:
        self._use_cases = use_cases

    async def get_me(self, call: Call) -> object:
        """The caller, with the balance."""
        account = call.account.account
        portfolio = (await self._use_cases.get_portfolio.execute(GetPortfolioRequest(call.account))).portfolio
        record = (await self._use_cases.get_record.execute(GetRecordRequest(account, ALL))).track_record
        now = self._use_cases.clock.now()
        gains = Gains(record.profit, await self._results_since(account, max(PERIODS.values())), now)
        return own_user(portfolio, gains, call.origin)

    async def get_user(self, call: Call) -> object:
        """Anybody, by id or by name, which are the same."""
        return user(await find_account(self._use_cases, call.path["id"]), call.origin)

    async def list_positions(self, call: Call) -> object:
        """What accounts hold of a market, those that gain most first."""
        asked = call.parameters(PositionParameters)
        listing = await find_market(self._use_cases, call.path["id"])
        held = defaultdict[str, list[Holder]](list)

        async def read(cursor: str | None) -> Page[Holder]:
            request = ListHoldersRequest(listing.market.slug, PAGE, cursor)
            return (await self._use_cases.list_holders.execute(request)).page

        async for holder in items_of(read):
            if asked.user_id in {None, holder.account}:
                held[holder.account].append(holder)
        names = await names_of(self._use_cases, held)
        positions = [position(listing.book, names[account], each) for account, each in held.items()]
        return _chosen(positions, asked)

    async def list_comments(self, call: Call) -> object:
        """What was said of a market, the latest first."""
        asked = call.parameters(CommentParameters)
        id_ = asked.contract_id or asked.contract_slug
        if id_ is None:
            raise wrong("contractId", "or contractSlug is needed: on which market")
        slug = (await find_market(self._use_cases, id_)).market.slug

        async def read(cursor: str | None) -> Page[Comment]:
            return (await self._use_cases.list_comments.execute(ListCommentsRequest(slug, PAGE, cursor))).page

        start = asked.page * asked.limit
        found: list[Comment] = []
        async for written in items_of(read):
            if len(found) == start + asked.limit:
                break
            if asked.user_id in {None, written.account}:
                found.append(written)
        names = await names_of(self._use_cases, (written.account for written in found[start:]))
        return [comment(written, names[written.account]) for written in found[start:]]

    async def _results_since(self, account: str, span: timedelta) -> list[Result]:
        """The results of the last while, the latest first."""
        start = self._use_cases.clock.now() - span

        async def read(cursor: str | None) -> Page[NamedResult]:
            return (await self._use_cases.list_results.execute(ListResultsRequest(account, PAGE, cursor))).page

        found: list[Result] = []
        async for named in items_of(read, PAGES):
            if named.result.resolved_at < start:
                break
            found.append(named.result)
        return found


def _shares(shown: Json) -> float:
    shares = shown["totalShares"]
    assert isinstance(shares, dict)
    return float(max(shares.values()))


def _profit(shown: Json) -> float:
    profit = shown["profit"]
    assert isinstance(profit, float)
    return profit


def _chosen(positions: list[Json], asked: PositionParameters) -> list[Json]:
    """The first and the last so many; all where neither is said."""
    ranked = sorted(positions, key=_shares if asked.order == "shares" else _profit, reverse=True)
    if asked.top is None and asked.bottom is None:
        return ranked
    top, rest = ranked[: asked.top or 0], ranked[asked.top or 0 :]
    return [*top, *rest[max(0, len(rest) - (asked.bottom or 0)) :]]
