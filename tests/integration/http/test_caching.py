"""Entity tags, 304, and what caches may keep."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx
import pytest

from domain.model.kernel.notation import format_time
from tests.integration.http.client import Api, Caller, eventually
from tests.integration.http.contract import Json, answer, problem

pytestmark = pytest.mark.asyncio(loop_scope="module")

type Change = Callable[[], Awaitable[httpx.Response]]

PUBLIC = [
    "/v1/markets",
    "/v1/markets/{slug}",
    "/v1/markets/{slug}/trades",
    "/v1/markets/{slug}/holders",
    "/v1/markets/{slug}/events",
]
LISTS = ["/v1/portfolio/trades", "/v1/portfolio/journal"]


async def get_if(caller: Caller, path: str, *conditions: str, method: str = "GET") -> httpx.Response:
    """A read with these If-None-Match headers, one by one."""
    headers = [*caller.credential.items(), *(("If-None-Match", condition) for condition in conditions)]
    return await caller.http.request(method, path, headers=headers)


async def tag_of(caller: Caller, path: str) -> str:
    """The entity tag of what is at a path."""
    response = await caller.get(path)
    answer(response, 200)
    tag: str = response.headers["ETag"]
    return tag


def not_modified(response: httpx.Response, tag: str) -> None:
    """A 304 says which tag it is about and carries nothing else of the answer."""
    assert response.status_code == 304
    assert response.content == b""
    assert response.headers["ETag"] == tag
    assert response.headers["X-Request-Id"]
    assert "Content-Type" not in response.headers
    assert response.headers.get("Content-Length", "0") != "2"


@pytest.mark.parametrize("path", [*PUBLIC, *LISTS])
async def test_if_none_match(member: Caller, open_market: str, path: str) -> None:
    """If-None-Match (list, weak, `*`, several headers) → 304, without a body; for HEAD too."""
    path = path.format(slug=open_market)
    tag = await tag_of(member, path)
    assert tag.startswith('"')
    assert tag.endswith('"')
    for conditions in (
        [tag],
        [f"W/{tag}"],
        ["*"],
        [f'"other", {tag}'],
        [f'W/"other",W/{tag},"third"'],
        [f"  {tag}  "],
        ['"other"', tag],
        ['"other"', f"W/{tag}", '"third"'],
    ):
        for method in ("GET", "HEAD"):
            response = await get_if(member, path, *conditions, method=method)
            not_modified(response, tag)
            assert response.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("path", [*PUBLIC, *LISTS])
async def test_no_match(member: Caller, open_market: str, path: str) -> None:
    """Another tag, or something that is none, gets the whole answer."""
    path = path.format(slug=open_market)
    tag = await tag_of(member, path)
    for condition in (
        '"other"',
        'W/"other"',
        tag[1:-1],
        f'"{tag[1:-2]}"',
        f"w/{tag}",
        "",
        '"*"',
        '"a", "b"',
        tag.upper(),
    ):
        response = await get_if(member, path, condition)
        answer(response, 200)
        assert response.headers["ETag"] == tag


@pytest.mark.contract("headers")
@pytest.mark.parametrize("path", PUBLIC)
async def test_cache_control(api: Api, member: Caller, open_market: str, path: str) -> None:
    """`Cache-Control` is `public, max-age=1` without a credential, `private, no-cache` with one; on a 304 too."""
    path = path.format(slug=open_market)
    for caller, control in ((api.anyone, "public, max-age=1"), (member, "private, no-cache")):
        for method in ("GET", "HEAD"):
            for conditions in ([], ["*"]):
                response = await get_if(caller, path, *conditions, method=method)
                assert response.status_code == (304 if conditions else 200)
                assert response.headers["Cache-Control"] == control


@pytest.mark.contract("headers")
@pytest.mark.parametrize("path", ["/v1/portfolio", *LISTS, "/v1/orders/{id}"])
async def test_what_is_ones_own_is_private(trader: Caller, api: Api, path: str) -> None:
    """What needs a credential never lies in a shared cache."""
    order = answer(await trader.order(await api.published_market(), quantity="1"), 201)
    response = await trader.get(path.format(id=order["id"]))
    answer(response, 200)
    assert response.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.contract("methods", "headers")
async def test_head_has_the_tag(api: Api, open_market: str) -> None:
    """HEAD tells the tag that GET would."""
    path = f"/v1/markets/{open_market}"
    head = await api.anyone.send("HEAD", path)
    assert head.headers["ETag"] == await tag_of(api.anyone, path)


@pytest.mark.contract("headers")
async def test_tag_changes_with_what_is_read(api: Api, trader: Caller) -> None:
    """A market's tag stays while nothing happens and changes with a trade, as do those of its lists."""
    slug = await api.published_market()
    paths = [path.format(slug=slug) for path in PUBLIC]
    before = [await tag_of(api.anyone, path) for path in paths]
    assert [await tag_of(api.anyone, path) for path in paths] == before
    answer(await trader.order(slug, quantity="1"), 201)
    after = [await tag_of(api.anyone, path) for path in paths]
    for path, old, new in zip(paths, before, after, strict=True):
        assert old != new, path
        assert (await get_if(api.anyone, path, old)).status_code == 200
        not_modified(await get_if(api.anyone, path, old, new), new)


async def test_tag_changes_with_the_status(api: Api) -> None:
    """Closing, reopening and editing are changes as well."""
    creator = await api.open_account()
    slug = await api.draft(creator)
    path = f"/v1/markets/{slug}"
    tags = [await tag_of(creator, path)]
    changes: list[Change] = [
        lambda: creator.edit(slug, {"name": "Will it pour?"}),
        lambda: creator.publish(slug),
        lambda: creator.close(slug),
        lambda: creator.reopen(slug, "2099-01-31T12:00:00Z"),
    ]
    for change in changes:
        answer(await change(), 200)
        tags.append(await tag_of(creator, path))
    assert len(set(tags)) == len(tags)


@pytest.mark.contract("headers")
async def test_a_list_is_tagged_by_all_it_shows(api: Api, trader: Caller) -> None:
    """Whatever changes in a list, by somebody or by the time alone, changes its tag; its tag tells of nothing else."""
    creator, tag = await api.open_account(), api.name("tag")
    closes_at = format_time(api.clock.now() + timedelta(minutes=90))
    slug = await api.draft(creator, tags=[tag], closes_at=closes_at)
    path = f"/v1/markets?tag={tag}"

    async def pass_by(by: timedelta) -> httpx.Response:
        api.clock.advance(by)
        return await creator.get(path)

    changes: list[Change] = [
        lambda: creator.edit(slug, {"name": "Will it pour?"}),
        lambda: creator.send("DELETE", f"/v1/markets/{slug}"),
        lambda: creator.post("/v1/markets", {"name": "Will it rain?", "slug": slug, "tags": [tag]}),
        lambda: creator.edit(slug, {"closes_at": closes_at}),
        lambda: creator.publish(slug),
        lambda: pass_by(timedelta(seconds=1)),
        lambda: pass_by(timedelta(hours=1)),
        lambda: trader.order(slug, quantity="1"),
        lambda: creator.post(f"/v1/markets/{slug}/clarifications", {"text": "In Bern."}),
        lambda: pass_by(timedelta(hours=1)),
    ]
    last = await creator.get(path)
    seen = {last.headers["ETag"]: last.content}
    for change in changes:
        assert (await change()).is_success
        read = await get_if(creator, path, last.headers["ETag"])
        if read.status_code == 304:
            read = await creator.get(path)
            assert (read.headers["ETag"], read.content) == (last.headers["ETag"], last.content)
        assert seen.setdefault(read.headers["ETag"], read.content) == read.content
        last = read
    assert len(set(seen.values())) == len(seen) >= len(changes)

    async def show() -> tuple[list[Json], Json]:
        return (await creator.get(path)).json()["markets"], await creator.market(slug)

    await eventually(show, lambda shown: shown[0] == [shown[1]])  # its trend may be folded between the two


async def test_errors_are_told_whatever_one_has(api: Api, open_market: str) -> None:
    """A condition never turns a refusal into a 304."""
    problem(await get_if(api.anyone, "/v1/markets/nowhere", "*"), 404, "market-not-found")
    problem(await get_if(api.anyone, "/v1/markets?limit=0", "*"), 400, "validation-failed")
    problem(await get_if(api.anyone, "/v1/portfolio/journal", "*"), 401, "unauthenticated")
    stranger = Caller(api.http, "", {"Authorization": "Bearer nonsense"})
    problem(await get_if(stranger, f"/v1/markets/{open_market}", "*"), 401, "unauthenticated")
