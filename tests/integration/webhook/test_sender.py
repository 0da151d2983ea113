"""The sender against real receivers on loopback, and against addresses that nobody may have us call."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from domain.model.kernel.errors import InvalidWebhookError
from domain.model.webhooks.address import parse_target, require_callable, require_public
from functions.adapter.out.webhook import sender as module
from functions.adapter.out.webhook.sender import HttpSender

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


@asynccontextmanager
async def receiver(answer: bytes, *, hangs: bool = False) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A receiver that answers these bytes: its address, and what it has received."""
    received: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received.append(await reader.read(65536))
        writer.write(answer)
        if hangs:
            await asyncio.sleep(60)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook?a=1", received
    server.close()


async def test_one_message() -> None:
    """The request that arrives is the one that was asked for, and the status comes back."""
    async with receiver(OK) as (url, received):
        answer = await HttpSender(to_private=True).post(parse_target(url), {"webhook-id": "rain-1"}, b"{}")
    assert (answer.status_code, answer.error, answer.is_success) == (200, None, True)
    head, _, body = received[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /hook?a=1 HTTP/1.1\r\nHost: 127.0.0.1:")
    assert b"\r\nwebhook-id: rain-1\r\n" in head
    assert body == b"{}"


async def test_no_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the environment says of proxies does not matter: the address that was looked at is called."""
    async with receiver(OK) as (url, received), receiver(OK) as (proxy, passed_on):
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, proxy)
            monkeypatch.setenv(name.upper(), proxy)
        answer = await HttpSender(to_private=True).post(parse_target(url), {}, b"{}")
    assert (answer.status_code, len(received), passed_on) == (200, 1, [])


@pytest.mark.parametrize(
    ("answer", "status", "retry_after"),
    [
        (b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n", 302, None),
        (b"HTTP/1.1 429 Slow down\r\nRetry-After: 120\r\n\r\n", 429, timedelta(seconds=120)),
        (b"HTTP/1.1 103 Early Hints\r\n\r\n" + OK, 200, None),
        (b"HTTP/1.0 204\r\n\r\n", 204, None),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1_000_000, 200, None),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n", None, None),
        (b"SSH-2.0-OpenSSH_9.9\r\n\r\n", None, None),
        (b"", None, None),
    ],
    ids=["redirect", "retry-after", "early hints", "short", "flood", "endless head", "no HTTP", "nothing"],
)
async def test_answers(answer: bytes, status: int | None, retry_after: timedelta | None) -> None:
    """A redirect is an answer, a flood is not read, and what is no HTTP is a failure that says so."""
    async with receiver(answer) as (url, _):
        found = await HttpSender(to_private=True).post(parse_target(url), {}, b"{}")
    assert (found.status_code, found.retry_after) == (status, retry_after)
    assert (found.error is None) is (status is not None)


async def test_a_receiver_that_never_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """It costs its time and no more."""
    monkeypatch.setattr(module, "TIMEOUT_SECONDS", 0.2)
    async with receiver(b"", hangs=True) as (url, _), asyncio.timeout(5):
        answer = await HttpSender(to_private=True).post(parse_target(url), {}, b"{}")
    assert (answer.status_code, answer.is_success) == (None, False)


async def test_nobody_listens() -> None:
    """No connection is a failure, told without the address."""
    async with receiver(OK) as (url, _):
        pass
    answer = await HttpSender(to_private=True).post(parse_target(url), {}, b"{}")
    assert (answer.status_code, answer.error) == (None, "no connection: Connection refused")


PRIVATE = [
    "127.0.0.1", "127.1.2.3", "10.0.0.1", "172.16.0.1", "192.168.1.5", "169.254.169.254", "100.64.0.1", "0.0.0.0",  # noqa: S104 - it is refused
    "224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "240.0.0.1", "::", "::1", "fe80::1", "fe80::1%eth0",
    "fc00::1", "fd12::1", "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b:1::1", "2001:db8::1", "2002:7f00:1::", "::127.0.0.1", "100::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_special_addresses(address: str) -> None:
    """None of them may be called, however it is written."""
    with pytest.raises(InvalidWebhookError):
        require_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.215.14", "2606:4700:4700::1111", "::ffff:1.1.1.1"])
def test_public_addresses(address: str) -> None:
    """Addresses of the internet may be."""
    require_public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"])
async def test_refused_at_creation_and_at_connection(host: str) -> None:
    """What leads to this machine is refused when a webhook is made, and again whenever it is called."""
    target = parse_target(f"https://{host}/hook")
    with pytest.raises(InvalidWebhookError):
        await HttpSender().check(target)
    answer = await HttpSender().post(target, {}, b"{}")
    assert answer.status_code is None
    assert "not on the public internet" in str(answer.error)


@pytest.mark.parametrize("host", ["localhost", "hooks.localhost", "Hooks.LocalHost."])
def test_names_of_this_machine(host: str) -> None:
    """They are refused even where no resolver knows them; a host of one's own network may be called if it is set so."""
    target = parse_target(f"https://{host}/hook")
    with pytest.raises(InvalidWebhookError, match="not on the public internet"):
        require_callable(target, to_private=False)
    require_callable(target, to_private=True)
    require_callable(parse_target("https://localhost.example/hook"), to_private=False)


async def test_a_name_that_changes_its_mind(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that was public when the webhook was made is refused once it leads here: what is called was looked at."""
    sender, target = HttpSender(), parse_target("https://rebound.example/")
    resolved = ["93.184.215.14", "127.0.0.1"]

    async def getaddrinfo(*_: object, **__: object) -> list[tuple[int, int, int, str, tuple[str, int]]]:
        return [(2, 1, 6, "", (resolved.pop(0), 443))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)
    await sender.check(target)
    assert (await sender.post(target, {}, b"{}")).status_code is None
    assert resolved == []


async def test_one_dead_host_leaves_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many messages wait for a host that never answers, another one is told at once."""
    monkeypatch.setattr(module, "TIMEOUT_SECONDS", 2.0)
    sender = HttpSender(to_private=True)
    async with receiver(b"", hangs=True) as (dead, _), receiver(OK) as (alive, _):
        waiting = [asyncio.create_task(sender.post(parse_target(dead), {}, b"{}")) for _ in range(200)]
        await asyncio.sleep(0.1)
        async with asyncio.timeout(1):
            answer = await sender.post(parse_target(alive.replace("127.0.0.1", "localhost")), {}, b"{}")
        assert answer.status_code == 200
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


@pytest.mark.parametrize(
    "url",
    ["", "example.com", "not a url", "https://", "https:///x", "https://ex ample.com/", "https://exa\nmple.com/",
     "https://example.com:99999/", "https://example.com:0/", "https://[::1/", "https://\u00e9.example/", "https://a\x00b/",
     "https://example.com/" + "x" * 2048, "javascript:alert(1)", "mailto:a@b.example"],
)  # fmt: skip
def test_no_url_at_all(url: str) -> None:
    """What is no URL says nothing of where to send."""
    with pytest.raises(ValueError, match="must"):
        parse_target(url)


@pytest.mark.parametrize(
    "url", ["http://example.com/", "ftp://example.com/", "https://a:b@example.com/", "https://@example.com/"]
)
async def test_forms_that_are_refused(url: str) -> None:
    """Only https, and without credentials."""
    answer = await HttpSender().post(parse_target(url), {}, b"{}")
    assert answer.status_code is None
