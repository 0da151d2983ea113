"""What a request's body may be: JSON, an object, of known members, of limited size and with a content type."""

import json
from collections.abc import AsyncIterator, Mapping

import httpx
import pytest

from tests.integration.http.client import Api, Caller, new_key
from tests.integration.http.contract import Json, answer, problem

pytestmark = pytest.mark.asyncio(loop_scope="module")

QUOTE = b'{"outcome":"YES","side":"buy","quantity":"10"}'
LIMIT = 65_536

MALFORMED = [
    pytest.param(b"", id="empty"),
    pytest.param(b"  \n", id="blank"),
    pytest.param(b"{", id="open brace"),
    pytest.param(b'{"outcome":"YES","side":"buy","quantity":"10"', id="cut short"),
    pytest.param(b'{"outcome":"YES","side":"buy","quantity":"10",}', id="trailing comma"),
    pytest.param(b"{'outcome':'YES','side':'buy','quantity':'10'}", id="single quotes"),
    pytest.param(b'{outcome:"YES","side":"buy","quantity":"10"}', id="bare key"),
    pytest.param(QUOTE + b"x", id="trailing garbage"),
    pytest.param(QUOTE + QUOTE, id="two texts"),
    pytest.param(QUOTE + b"\x00", id="trailing NUL"),
    pytest.param(b"/* quote */" + QUOTE, id="comment"),
    pytest.param(b"\x0c" + QUOTE, id="form feed is not JSON's blank"),
    pytest.param(b"\xc2\xa0" + QUOTE, id="no-break space is not JSON's blank"),
    pytest.param(b"\xef\xbb\xbf" + QUOTE, id="BOM"),
    pytest.param(QUOTE.decode().encode("utf-16"), id="UTF-16"),
    pytest.param(QUOTE.decode().encode("utf-16-le"), id="UTF-16 without BOM"),
    pytest.param(QUOTE.decode().encode("utf-32-be"), id="UTF-32"),
    pytest.param(b'{"outcome":"\xff","side":"buy","quantity":"10"}', id="invalid UTF-8"),
    pytest.param(b'{"outcome":"\xc0\xaf","side":"buy","quantity":"10"}', id="overlong UTF-8"),
    pytest.param(b'{"outcome":"\xed\xa0\x80","side":"buy","quantity":"10"}', id="surrogate in UTF-8"),
    pytest.param(b'{"outcome":"Y\nES","side":"buy","quantity":"10"}', id="control character in a string"),
    pytest.param(b'{"outcome":"Y\\xES","side":"buy","quantity":"10"}', id="unknown escape"),
    pytest.param(b'{"outcome":"\\ud800","side":"buy","quantity":"10"}', id="lone high surrogate"),
    pytest.param(b'{"outcome":"\\udc00","side":"buy","quantity":"10"}', id="lone low surrogate"),
    pytest.param(b'{"outcome":"\\udc00\\ud800","side":"buy","quantity":"10"}', id="surrogates the wrong way round"),
    pytest.param(b'{"outcome":"YES","side":"buy","quantity":"10","\\ud800":1}', id="lone surrogate in a key"),
    pytest.param(b'{"outcome":"YES","side":"buy","quantity":NaN}', id="NaN"),
    pytest.param(b'{"outcome":"YES","side":"buy","quantity":Infinity}', id="Infinity"),
    pytest.param(b'{"outcome":"YES","side":"buy","quantity":-Infinity}', id="minus Infinity"),
    pytest.param(b'{"outcome":"YES","side":"buy","quantity":01}', id="number with a leading zero"),
    pytest.param(b'{"outcome":"YES","side":"buy","quantity":1.}', id="number that ends in a point"),
    pytest.param(b'{"outcome":"YES","side":"buy","quantity":+1}', id="number with a plus"),
    pytest.param(b'{"outcome":"YES","side":"buy","quantity":True}', id="Python's True"),
    pytest.param(b'{"outcome":"YES","side":"buy","quantity":"1","quantity":"1"}', id="duplicate key"),
    pytest.param(b'{"outcome":"YES","side":"buy","quantity":"1","quantit\\u0079":"1"}', id="duplicate key, escaped"),
    pytest.param(b'{"outcome":"YES","side":"buy","quantity":{"a":1,"a":1}}', id="duplicate key inside"),
    pytest.param(b"[" * 30_000 + b"]" * 30_000, id="deep arrays"),
    pytest.param(b'{"a":' * 10_000 + b"1" + b"}" * 10_000, id="deep objects"),
    pytest.param(b'{"outcome":"YES","quantity":' + b"[" * 30_000 + b"]" * 30_000 + b"}", id="deep member"),
    pytest.param(b"[" * 60_000, id="deep and never closed"),
]


async def test_a_refusal_names_twenty_parts_at_most(member: Caller, open_market: str) -> None:
    """However many are wrong: thousands of mistakes in a body bring no answer that is larger than it."""
    path = f"/v1/markets/{open_market}/quotes"
    for wrong in (19, 20, 21, 5_000):
        body = {"outcome": "YES", "side": "buy", "quantity": "1", **{f"x{number}": 0 for number in range(wrong)}}
        content = problem(await member.send("POST", path, body=body), 400, "validation-failed")
        assert len(content["errors"]) == min(wrong, 20)
        assert content["detail"].endswith(f", and {wrong - 20} more." if wrong > 20 else f"`x{wrong - 1}`.")
        assert len(json.dumps(content)) < 3_000


@pytest.mark.parametrize("content", MALFORMED)
async def test_malformed_json(api: Api, open_market: str, content: bytes) -> None:
    """Not one RFC 8259 text in UTF-8 without BOM, NaN or Infinity, duplicate keys, lone surrogates, too deep."""
    response = await api.anyone.post_content(f"/v1/markets/{open_market}/quotes", content)
    problem(response, 400, "malformed-json")


@pytest.mark.contract("malformed JSON")
@pytest.mark.parametrize(
    "path", ["/v1/accounts", "/v1/markets", "/v1/markets/{slug}/orders", "/v1/markets/{slug}/resolve"]
)
@pytest.mark.parametrize("content", [b'{"a":1', b'{"a":NaN}', b'{"a":1,"a":1}', b'{"a":"\\ud800"}', b"\xef\xbb\xbf{}"])
async def test_malformed_json_on_every_route(
    api: Api, member: Caller, open_market: str, path: str, content: bytes
) -> None:
    """What is not one JSON text is malformed-json wherever a body is taken."""
    problem(await member.post_content(path.format(slug=open_market), content), 400, "malformed-json")


async def test_malformed_json_of_a_sign_in(api: Api) -> None:
    """The developer's sign-in reads its body as all others do."""
    problem(await api.anyone.post_content("/v1/dev/sign-in", b'{"account":"ann",}'), 400, "malformed-json")


@pytest.mark.parametrize("content", [b"[]", b'"text"', b"1", b"-0.5e3", b"null", b"true", b"false", b"[{}]"])
@pytest.mark.parametrize(
    "path", ["/v1/accounts", "/v1/markets", "/v1/markets/{slug}/quotes", "/v1/markets/{slug}/orders"]
)
async def test_well_formed_but_not_an_object(
    api: Api, member: Caller, open_market: str, path: str, content: bytes
) -> None:
    """Well-formed but not an object: validation-failed."""
    problem(await member.post_content(path.format(slug=open_market), content), 400, "validation-failed")


@pytest.mark.parametrize(
    "number", [b"1" * 5_000, b"1e400", b"-1e400", b"0.1e-400", b"1" * 400 + b".5", b"123456789012345678901234567890"]
)
async def test_enormous_number_is_well_formed(api: Api, open_market: str, number: bytes) -> None:
    """A number of any size is JSON, so where a string belongs it is a 400 of validation."""
    content = b'{"outcome":"YES","side":"buy","quantity":' + number + b"}"
    response = await api.anyone.post_content(f"/v1/markets/{open_market}/quotes", content)
    problem(response, 400, "validation-failed", ["quantity"])


async def test_surrogate_pair_is_one_character(api: Api, member: Caller) -> None:
    """Only lone surrogates are malformed: an escaped pair is the character it stands for."""
    slug = api.name("market")
    content = b'{"name":"Rain \\ud83c\\udf27?","slug":"%s"}' % slug.encode()
    market = answer(await member.post_content("/v1/markets", content), 201)
    assert market["name"] == "Rain \U0001f327?"


@pytest.mark.parametrize("content", [b" \t\r\n" + QUOTE + b" \n", QUOTE.replace(b"YES", b"Y\\u0045S")])
async def test_blanks_and_escapes_are_json(api: Api, open_market: str, content: bytes) -> None:
    """RFC 8259 allows blanks around a text and escapes in it."""
    answer(await api.anyone.post_content(f"/v1/markets/{open_market}/quotes", content), 200)


UNKNOWN_FIELDS: list[tuple[str, Json, str]] = [
    ("/v1/accounts", {"balance": "5"}, "balance"),
    ("/v1/markets", {"name": "Rain", "slug": "rain", "creator": "ann"}, "creator"),
    ("/v1/markets", {"name": "Rain", "slug": "rain", "Name": "Rain"}, "Name"),
    ("/v1/markets/{slug}/publish", {"force": True}, "force"),
    ("/v1/markets/{slug}/quotes", {"outcome": "YES", "side": "buy", "quantity": "1", "account": "ann"}, "account"),
    ("/v1/markets/{slug}/orders", {"outcome": "YES", "side": "buy", "quantity": "1", "account": "ann"}, "account"),
    ("/v1/markets/{slug}/resolve", {"outcome": "YES", "why": "because"}, "why"),
    ("/v1/dev/sign-in", {"account": "ann", "password": "secret"}, "password"),
]


@pytest.mark.parametrize(("path", "body", "name"), UNKNOWN_FIELDS)
async def test_unknown_field(api: Api, open_market: str, path: str, body: Json, name: str) -> None:
    """Unknown fields in a request body are a 400."""
    admin = await api.open_account("admin")
    problem(await admin.post(path.format(slug=open_market), body), 400, "validation-failed", [name])


@pytest.mark.contract("request bodies")
@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "application/json; charset=utf-8",
        "application/json;charset=latin-1",
        "application/json ; anything=at-all",
        "Application/JSON",
    ],
)
async def test_json_content_type(api: Api, open_market: str, content_type: str) -> None:
    """Content type must be JSON; parameters after it are ignored."""
    path = f"/v1/markets/{open_market}/quotes"
    answer(await api.anyone.post_content(path, QUOTE, content_type), 200)


OTHER_CONTENT_TYPES = [
    "text/plain",
    "text/html; charset=utf-8",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/octet-stream",
    "application/xml",
    "application/jsonx",
    "application/json-seq",
    "text/plain; application/json",
    "json",
    "",
]


@pytest.mark.parametrize("content_type", OTHER_CONTENT_TYPES)
@pytest.mark.parametrize("path", ["/v1/markets/{slug}/quotes", "/v1/markets/{slug}/orders", "/v1/accounts"])
async def test_other_content_type(api: Api, member: Caller, open_market: str, path: str, content_type: str) -> None:
    """415 unless the content type is JSON."""
    response = await member.post_content(path.format(slug=open_market), QUOTE, content_type)
    problem(response, 415, "unsupported-media-type")


@pytest.mark.contract("request bodies", "405 / 413 / 415")
async def test_content_without_a_type(api: Api, member: Caller, open_market: str) -> None:
    """Content that does not say what it is is not JSON."""
    headers = {"Idempotency-Key": new_key()}
    for path in (f"/v1/markets/{open_market}/quotes", f"/v1/markets/{open_market}/orders", "/v1/accounts"):
        response = await member.send("POST", path, content=QUOTE, headers=headers)
        problem(response, 415, "unsupported-media-type")


async def test_no_content_where_a_body_is_needed(api: Api, member: Caller, open_market: str) -> None:
    """Only a POST that needs no body takes none: elsewhere nothing is no JSON."""
    for path in ("/v1/markets", f"/v1/markets/{open_market}/orders", f"/v1/markets/{open_market}/resolve"):
        problem(await member.post(path), 415, "unsupported-media-type")
        problem(await member.post_content(path, b""), 400, "malformed-json")


@pytest.mark.contract("request bodies")
async def test_bodyless_post_takes_nothing_or_an_empty_object(api: Api) -> None:
    """A POST that needs no body takes none (then no content type) or `{}`."""
    for content in (None, b"{}", b" { } "):
        caller = await api.sign_in()
        await take_nothing(caller, "/v1/accounts", content, 201)
        slug = await api.draft(caller)
        await take_nothing(caller, f"/v1/markets/{slug}/publish", content, 200)


async def take_nothing(caller: Caller, path: str, content: bytes | None, status: int) -> None:
    """The POST of nothing, or of an empty object, succeeds."""
    response = await (caller.post(path) if content is None else caller.post_content(path, content))
    answer(response, status)


@pytest.mark.parametrize("content", [b"[]", b"null", b'"text"', b"0"])
async def test_bodyless_post_takes_no_other_value(api: Api, content: bytes) -> None:
    """Anything else than nothing or an object is a 400 there too, and does nothing."""
    creator = await api.open_account()
    slug = await api.draft(creator)
    problem(await creator.post_content(f"/v1/markets/{slug}/publish", content), 400, "validation-failed")
    assert (await creator.market(slug))["status"] == "DRAFT"


def padded(size: int) -> bytes:
    """A quote's body of exactly this many bytes."""
    return QUOTE + b" " * (size - len(QUOTE))


async def in_chunks(content: bytes) -> AsyncIterator[bytes]:
    """The content in pieces, so that nobody says its length beforehand."""
    for start in range(0, len(content), 10_000):
        yield content[start : start + 10_000]


@pytest.mark.contract("request bodies")
async def test_body_at_the_limit(api: Api, open_market: str) -> None:
    """Body limit 65 536 bytes: that many are fine."""
    answer(await api.anyone.post_content(f"/v1/markets/{open_market}/quotes", padded(LIMIT)), 200)


@pytest.mark.contract("request bodies", "405 / 413 / 415")
@pytest.mark.parametrize("size", [LIMIT + 1, 10 * LIMIT])
async def test_body_over_the_limit(api: Api, open_market: str, size: int) -> None:
    """One byte more is a 413."""
    response = await api.anyone.post_content(f"/v1/markets/{open_market}/quotes", padded(size))
    problem(response, 413, "body-too-large")


@pytest.mark.parametrize("path", ["/v1/accounts", "/v1/markets", "/v1/markets/{slug}/publish", "/v1/dev/sign-in"])
async def test_body_over_the_limit_on_every_route(member: Caller, open_market: str, path: str) -> None:
    """The limit holds wherever a body may be sent, needed or not."""
    problem(await member.post_content(path.format(slug=open_market), padded(LIMIT + 1)), 413, "body-too-large")


async def send_chunks(api: Api, slug: str, content: bytes, headers: Mapping[str, str]) -> httpx.Response:
    """Asks for a quote with content sent in chunks."""
    headers = {"Content-Type": "application/json", **headers}
    return await api.http.post(f"/v1/markets/{slug}/quotes", content=in_chunks(content), headers=headers)


async def test_chunked_body(api: Api, open_market: str) -> None:
    """The limit counts the bytes that come, not the length that is announced."""
    answer(await send_chunks(api, open_market, padded(LIMIT), {}), 200)
    problem(await send_chunks(api, open_market, padded(LIMIT + 1), {}), 413, "body-too-large")


@pytest.mark.parametrize("length", ["0", "10", str(LIMIT)])
async def test_lying_content_length(api: Api, open_market: str, length: str) -> None:
    """A body over the limit is a 413, however short it says that it is."""
    response = await send_chunks(api, open_market, padded(LIMIT + 1), {"Content-Length": length})
    problem(response, 413, "body-too-large")


@pytest.mark.contract("request bodies")
async def test_limit_counts_bytes_not_characters(api: Api, open_market: str) -> None:
    """65 536 are bytes: fewer characters of several bytes are over the limit as well."""
    content = json.dumps({"outcome": "\u20ac" * 30_000, "side": "buy", "quantity": "1"}, ensure_ascii=False).encode()
    response = await api.anyone.post_content(f"/v1/markets/{open_market}/quotes", content)
    problem(response, 413, "body-too-large")
