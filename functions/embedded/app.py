"""The whole product as one web application over one SQLite file."""

import asyncio
import contextlib
import functools
import importlib
import random
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from domain.application.history.project_price_history import ProjectPriceHistoryRequest
from domain.model.admission.session_kind import SessionKind
from domain.port.out.clock import Clock
from domain.port.out.store import Change
from functions.adapter.in_.http.application import Api, Envelope
from functions.adapter.in_.http.authentication import Entrance
from functions.adapter.in_.http.client_address import ClientAddresses
from functions.adapter.in_.http.header_authenticator import HeaderAuthenticator
from functions.adapter.in_.http.rate_limit import RateLimit, RateLimits
from functions.adapter.in_.surface.application import SurfaceApp, Surfaces
from functions.adapter.out.sqlite.database import Database
from functions.adapter.out.sqlite.expiry import forget_answers
from functions.adapter.out.system.clock import SystemClock, SystemRandom
from functions.adapter.out.system.doorbell import ImmediateDoorbell, ProcessDoorbell, RetriedDoorbell
from functions.config.oidc import create_issuer
from functions.config.ports import Ports
from functions.config.settings import LOOPBACK_NAMES, Settings
from functions.config.sqlite import sqlite_persistence
from functions.config.use_cases import UseCases
from functions.config.webhooks import create_webhook_sender
from functions.embedded import developer_sign_in
from functions.embedded.agents.surface import AgentSurface, has_extra
from functions.embedded.background import FORGET_SECONDS, repeat, run_background
from functions.embedded.demo_traders import DemoTraders
from functions.embedded.developer_sign_in import SIGN_IN
from functions.embedded.direct_only import DirectOnly
from functions.embedded.documentation import PAGES, Documentation
from functions.embedded.host_guard import HostGuard
from functions.embedded.http_protocol import connection_of
from functions.embedded.ledger_stream import LedgerStream
from functions.embedded.openapi import describe
from functions.embedded.page import OidcClient, Page, SignInWays
from functions.embedded.previews import Previews
from functions.embedded.public_address import PublicAddress
from functions.embedded.routes import routes
from functions.embedded.security_headers import SecureAnswers, security_headers
from functions.embedded.service import Service
from functions.embedded.stream.feeds import Feeds
from functions.embedded.stream.route import STREAM
from functions.embedded.stream.route import create_route as create_stream_route
from functions.embedded.webhook_tasks import run_webhooks
from functions.embedded.webhook_worker import WebhookRings, WebhookWorker
from functions.registry import (
    DOORBELLS,
    FUNCTION_OF,
    HTTP_TRIGGERS,
    PRICE_HISTORY,
    RECORDS,
    REQUESTS_PER_MINUTE,
    SETTLEMENT,
    SURFACES,
    WEBHOOK_DELIVERIES,
    WEBHOOKS,
)


def create_app(
    database: Database,
    settings: Settings | None = None,
    clock: Clock | None = None,
    names: frozenset[str] = LOOPBACK_NAMES,
    page: Path | None = None,
    *,
    has_demo_traders: bool = False,
) -> ASGIApp:
    """The application: every HTTP function, and the event functions for as long as it runs.

    Args:
        database: an open database, which the caller closes.
        settings: what this instance is set to.
        clock: the time; the system's when None.
        names: the host names that it answers to, besides that of its public address. Where they are the loopback
            address's alone, and it is meant for nobody else, there is the developer sign-in too.
        page: the folder of the built page; None to serve the API alone.
        has_demo_traders: whether the demonstration's traders go on trading; only where all its accounts are theirs.
    """
    clock = clock or SystemClock()
    settings = settings or Settings()
    is_alone = names <= LOOPBACK_NAMES and settings.oidc is None and settings.public_url is None
    stream = LedgerStream()
    settlement, prices, records = ProcessDoorbell(), ProcessDoorbell(), ProcessDoorbell()
    fold = ImmediateDoorbell(lambda slug: use_cases.project_price_history.execute(ProjectPriceHistoryRequest(slug)))
    webhooks, worker = WebhookRings(), WebhookWorker(lambda: use_cases.deliver_webhook)
    doorbells: dict[str, ProcessDoorbell | RetriedDoorbell | WebhookRings | WebhookWorker] = {
        SETTLEMENT: settlement,
        PRICE_HISTORY: RetriedDoorbell(fold, prices),
        RECORDS: records,
        WEBHOOKS: webhooks,
        WEBHOOK_DELIVERIES: worker,
    }
    require_doorbells(doorbells)

    def note(changes: Sequence[Change]) -> None:
        stream.note(changes)
        feeds.note(changes)

    ports = Ports(
        sqlite_persistence(database, note),
        clock,
        SystemRandom(),
        settings,
        doorbell=doorbells.__getitem__,
        create_issuer=create_issuer,
        create_webhook_sender=create_webhook_sender,
        session_kinds=frozenset(SessionKind) if is_alone else frozenset({SessionKind.INVITATION}),
    )
    use_cases = UseCases(ports)
    feeds = Feeds(use_cases.list_events)

    @contextlib.asynccontextmanager
    async def run_event_functions(_: object) -> AsyncIterator[None]:
        demo = DemoTraders(use_cases, SystemClock(), random.SystemRandom()) if has_demo_traders else None
        tasks = asyncio.gather(
            run_background(use_cases, settlement, stream, SystemClock(), demo, prices=prices, records=records),
            run_webhooks(use_cases, webhooks, worker, SystemClock()),
            repeat(lambda: forget_answers(database, clock.now()), FORGET_SECONDS, SystemClock()),
        )
        async with agents.run() if agents else contextlib.nullcontext():
            yield
        tasks.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await tasks

    def read_document() -> Mapping[str, object]:
        """The document of this very server, which takes a while to make, when somebody first asks."""
        return describe(served_routes, urlsplit(settings.public_url or "").path)

    rate_limits = _rate_limits(settings, clock, is_alone=is_alone)
    document = functools.cache(read_document)
    sign_in = developer_sign_in.create_route(ports.store, clock)
    served_routes = [
        *routes(lambda name: document if name == "get_openapi" else getattr(use_cases, name)),
        create_stream_route(use_cases.get_market, feeds),
        *([sign_in] if is_alone else []),
    ]
    entrance = Entrance(HeaderAuthenticator(use_cases.authorize), settings.is_private, rate_limits)
    offered = [*HTTP_TRIGGERS.values(), STREAM, *([SIGN_IN] if is_alone else []), *PAGES]
    service = Service(Api(served_routes, offered, entrance, settings.public_url), run_event_functions)
    app = Documentation(_GivesUp(DirectOnly(service, SIGN_IN.path)))
    previews = None if settings.is_private else Previews(use_cases.get_market)
    with_page = Page(app, page, _sign_in_ways(settings, is_alone=is_alone), previews) if page else app
    served = Surfaces(with_page, _surfaces(settings, use_cases, entrance))
    agents = AgentSurface(served, Envelope(app), rate_limits) if has_extra() else None
    public_name = urlsplit(settings.public_url or "").hostname
    guarded = HostGuard(agents or served, names | ({public_name} if public_name else frozenset()))
    secured = SecureAnswers(guarded, security_headers(settings.oidc.issuer if settings.oidc else None))
    return Envelope(PublicAddress(secured, settings.public_url) if settings.public_url else secured)


class _GivesUp:
    """Passes on requests, and gives up those whose clients go away before there is an answer.

    Args:
        app: answers them.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or the whole life of a server."""
        if scope["type"] == "http":
            connection_of(scope).serve_in(asyncio.current_task())
        await self._app(scope, receive, send)


def _rate_limits(settings: Settings, clock: Clock, *, is_alone: bool) -> RateLimits | None:
    """The limits that are set; where none are, there are some only for those who come from elsewhere."""
    requests = settings.requests_per_minute
    if requests is None:
        requests = 0 if is_alone else REQUESTS_PER_MINUTE
    if not requests:
        return None
    return RateLimits(RateLimit(requests, clock), RateLimit(requests, clock), ClientAddresses(settings.trusted_proxies))


def _surfaces(settings: Settings, use_cases: UseCases, entrance: Entrance) -> list[SurfaceApp]:
    """The surfaces for other sites' programs that are switched on."""
    modules = {
        name: importlib.import_module(FUNCTION_OF[name].module("route")) for name in SURFACES if getattr(settings, name)
    }
    return [
        SurfaceApp(
            SURFACES[name].paths,
            module.operations(getattr(use_cases, name)),
            entrance,
            public_url=settings.public_url,
        )
        for name, module in modules.items()
    ]


def _sign_in_ways(settings: Settings, *, is_alone: bool) -> SignInWays:
    """What the page offers."""
    oidc = settings.oidc
    client = OidcClient(oidc.issuer, oidc.audiences[0]) if oidc else None
    return SignInWays(developer=is_alone, invitations=True, oidc=client)


def require_doorbells(answered: Collection[str]) -> None:
    """See that the server answers every doorbell of the registry.

    Raises:
        LookupError: it does not answer one; what rings there would be lost.
    """
    if missing := DOORBELLS.keys() - answered:
        raise LookupError(f"nothing answers the doorbells {', '.join(sorted(missing))}")
