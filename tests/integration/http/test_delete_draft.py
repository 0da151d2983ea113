import pytest

from tests.integration.http.client import Api
from tests.integration.http.contract import answer, problem


@pytest.mark.contract("delete draft")
async def test_a_deleted_draft_frees_its_slug(api: Api) -> None:
    """DELETE of a draft → 204; then nobody finds it, and anybody may take its slug."""
    creator, other = await api.open_account(), await api.open_account()
    slug = await api.draft(creator)
    deleted = await creator.send("DELETE", f"/v1/markets/{slug}")
    assert (deleted.status_code, deleted.content) == (204, b"")
    problem(await creator.send("GET", f"/v1/markets/{slug}"), 404, "market-not-found")
    problem(await creator.send("DELETE", f"/v1/markets/{slug}"), 404, "market-not-found")
    again = {"name": "Mine now?", "slug": slug}
    assert answer(await other.send("POST", "/v1/markets", body=again), 201)["creator"] == other.account
    published = answer(await other.send("POST", f"/v1/markets/{slug}/publish"), 200)
    assert (published["status"], published["position"]) == ("ACTIVE", 1)


@pytest.mark.contract("delete draft")
async def test_who_may_delete_what(api: Api) -> None:
    """Its creator alone, and only a draft: an admin is forbidden, a stranger finds nothing, a market stays."""
    creator, admin, stranger = await api.open_account(), await api.open_account("admin"), await api.open_account()
    slug = await api.draft(creator)
    problem(await admin.send("DELETE", f"/v1/markets/{slug}"), 403, "forbidden")
    problem(await stranger.send("DELETE", f"/v1/markets/{slug}"), 404, "market-not-found")
    problem(await api.anyone.send("DELETE", f"/v1/markets/{slug}"), 401, "unauthenticated")
    answer(await creator.send("POST", f"/v1/markets/{slug}/publish"), 200)
    problem(await creator.send("DELETE", f"/v1/markets/{slug}"), 409, "already-published")
