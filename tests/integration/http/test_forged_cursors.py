"""Cursors that nobody issued, but that are sealed as if: whoever reads the source can make them."""

import pytest

from domain.model.kernel.caller import Caller
from functions.adapter.in_.http.paging import CursorScope
from tests.integration.http.client import Api
from tests.integration.http.contract import problem

LISTS = {
    "/v1/markets": ["", "x", "nospace"],
    "/v1/markets/{slug}/trades": ["", "abc", "-1", "1.5", str(2**64), "٣"],
    "/v1/markets/{slug}/holders": ["", "x", "-1000000000000 x 0", "16  -1", "0 a b", "0 a 0 0", "99  0"],
}


@pytest.mark.parametrize(("path", "position"), [(path, position) for path in LISTS for position in LISTS[path]])
async def test_a_forged_cursor_is_refused(api: Api, path: str, position: str) -> None:
    """A forgery with a seal that fits is refused as well: "a cursor that was not issued for that query is a 400"."""
    slug = await api.published_market()
    path = path.format(slug=slug)
    cursor = CursorScope(path, {}, None).issue(position)
    assert cursor is not None
    problem(await api.anyone.get(f"{path}?cursor={cursor}"), 400, "invalid-cursor")


@pytest.mark.parametrize("position", ["abc", "-1", str(2**64)])
@pytest.mark.parametrize("path", ["/v1/portfolio/journal", "/v1/portfolio/trades"])
async def test_a_forged_cursor_of_ones_own_is_refused(api: Api, path: str, position: str) -> None:
    """The same for the lists of a caller."""
    owner = await api.open_account()
    scope = CursorScope(path, {}, Caller(owner.account))
    problem(await owner.get(f"{path}?cursor={scope.issue(position)}"), 400, "invalid-cursor")
