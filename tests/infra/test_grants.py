"""Each use case is run against a DynamoDB that takes down what is asked of it: that is what its role grants, no more.

A role that grants too little fails in production only; one that grants too much fails nowhere.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from moto import mock_aws

from domain.application.admission.accept_invitation import AcceptInvitationRequest
from domain.application.admission.accept_sign_in_link import AcceptSignInLinkRequest
from domain.application.admission.authorize import AuthorizeRequest
from domain.application.admission.create_api_key import CreateApiKeyRequest
from domain.application.admission.create_invitation import CreateInvitationRequest
from domain.application.admission.create_sign_in_link import CreateSignInLinkRequest
from domain.application.admission.forget_account import ForgetAccountRequest
from domain.application.admission.list_api_keys import ListApiKeysRequest
from domain.application.admission.list_invitations import ListInvitationsRequest
from domain.application.admission.list_people import ListPeopleRequest
from domain.application.admission.restore_account import RestoreAccountRequest
from domain.application.admission.revoke_api_key import RevokeApiKeyRequest
from domain.application.admission.revoke_credentials import RevokeCredentialsRequest
from domain.application.admission.revoke_invitation import RevokeInvitationRequest
from domain.application.admission.revoke_my_credentials import RevokeMyCredentialsRequest
from domain.application.admission.suspend_account import SuspendAccountRequest
from domain.application.discussion.delete_comment import DeleteCommentRequest
from domain.application.discussion.list_comments import ListCommentsRequest
from domain.application.discussion.post_comment import PostCommentRequest
from domain.application.history.list_events import ListEventsRequest
from domain.application.history.list_prices import ListPricesRequest
from domain.application.history.project_price_history import ProjectPriceHistoryRequest
from domain.application.instance.hint_markets import HintMarkets, HintMarketsRequest
from domain.application.ledger.audit_ledger import AuditLedgerRequest
from domain.application.ledger.get_account import GetAccountRequest
from domain.application.ledger.get_audit import GetAuditRequest
from domain.application.ledger.get_me import GetMeRequest
from domain.application.ledger.get_portfolio import GetPortfolioRequest
from domain.application.ledger.grant_credits import GrantCreditsRequest
from domain.application.ledger.list_account_trades import ListAccountTradesRequest
from domain.application.ledger.list_accounts import ListAccountsRequest
from domain.application.ledger.list_journal import ListJournalRequest
from domain.application.ledger.list_my_trades import ListMyTradesRequest
from domain.application.ledger.open_account import OpenAccountRequest
from domain.application.ledger.rename_account import RenameAccountRequest
from domain.application.record.get_record import GetRecordRequest
from domain.application.record.list_leaders import ListLeadersRequest
from domain.application.record.list_results import ListResultsRequest
from domain.application.record.project_records import ProjectRecordsRequest
from domain.application.record.ring_unrecorded import RingUnrecordedRequest
from domain.application.settlement.ring_stale import RingStaleRequest
from domain.application.settlement.settle_positions import SettlePositionsRequest
from domain.application.trading.clarify_market import ClarifyMarketRequest
from domain.application.trading.close_expired_markets import CloseExpiredMarketsRequest
from domain.application.trading.close_market import CloseMarketRequest
from domain.application.trading.create_market import CreateMarketRequest
from domain.application.trading.delete_draft import DeleteDraftRequest
from domain.application.trading.edit_market import EditMarketRequest
from domain.application.trading.get_market import GetMarketRequest
from domain.application.trading.get_order import GetOrderRequest
from domain.application.trading.list_holders import ListHoldersRequest
from domain.application.trading.list_markets import ListMarketsRequest
from domain.application.trading.list_trades import ListTradesRequest
from domain.application.trading.place_order import PlaceOrderRequest
from domain.application.trading.publish_market import PublishMarketRequest
from domain.application.trading.quote import QuoteRequest
from domain.application.trading.reopen_market import ReopenMarketRequest
from domain.application.trading.resolve_market import ResolveMarketRequest
from domain.application.trading.void_market import VoidMarketRequest
from domain.application.trading.withdraw_resolution import WithdrawResolutionRequest
from domain.application.webhooks.create_webhook import CreateWebhookRequest
from domain.application.webhooks.delete_webhook import DeleteWebhookRequest
from domain.application.webhooks.deliver_webhook import DeliverWebhookRequest
from domain.application.webhooks.enable_webhook import EnableWebhookRequest
from domain.application.webhooks.get_webhook import GetWebhookRequest
from domain.application.webhooks.list_webhook_deliveries import ListWebhookDeliveriesRequest
from domain.application.webhooks.list_webhooks import ListWebhooksRequest
from domain.application.webhooks.retry_webhooks import RetryWebhooksRequest
from domain.application.webhooks.ring_untold import RingUntoldRequest
from domain.application.webhooks.ring_webhooks import RingWebhooksRequest
from domain.application.webhooks.rotate_webhook_secret import RotateWebhookSecretRequest
from domain.event.market_events import EventType, market_changed
from domain.model.admission.instance import InstanceSecret
from domain.model.history.candle import Interval
from domain.model.kernel.caller import Scope
from domain.model.kernel.command import Idempotency
from domain.model.kernel.money import MICROS, Money
from domain.model.kernel.record import key_for
from domain.model.record.track_record import Board, Measure
from domain.model.settlement.settlement import Tally
from domain.model.trading.market import MarketChanges, MarketDefinition
from domain.model.trading.order import OrderTerms
from domain.model.trading.position import HOLDER_SHARDS
from domain.model.trading.trade import Side
from domain.model.webhooks.address import Target
from domain.model.webhooks.delivery import Answer
from domain.model.webhooks.webhook import Subscription
from domain.port.out.doorbell import Ring
from domain.port.out.hints import Hint
from domain.port.out.webhooks import EVERY_MARKET, WebhookName
from functions.adapter.out.dynamodb.items import place_of, place_of_record, to_item
from functions.adapter.out.dynamodb.mailbox.mail import Lease, milliseconds
from functions.adapter.out.dynamodb.tables import Tables
from functions.config.dynamodb import dynamodb_persistence
from functions.config.ports import Ports
from functions.config.settings import Settings
from functions.config.use_cases import UseCases
from functions.registry import FUNCTIONS, SECRETS, SURFACES
from tests.fakes.clock import FakeClock, LowestRandom
from tests.fakes.dynamodb import connect, temporary_tables
from tests.fakes.samples import RAIN
from tests.fakes.world import admin, caller
from tests.integration.dynamodb.recording import Call, RecordingClient

type Used = Mapping[str, frozenset[str]]

WITHOUT_A_TABLE = {"dispatch_ledger", "fallback", "get_health", "get_openapi"}
"""Their handlers make no request of DynamoDB: the contracts of the import linter, and the empty entries, see to it."""
SAME_AS = {"welcome_user": "open_account"}
"""Functions that are another's use case, called by something else."""
APPEAL = timedelta(minutes=1)
_ITEM_ACTIONS = {
    "Put": "PutItem",
    "Delete": "DeleteItem",
    "Update": "UpdateItem",
    "ConditionCheck": "ConditionCheckItem",
}


class SilentDoorbell:
    """Nobody comes."""

    async def ring(self, rings: Sequence[Ring]) -> None:
        """Ring for nobody."""


@dataclass
class Stage:
    """The use cases over a DynamoDB that takes down its calls.

    Args:
        use_cases: all of them.
        client: that takes down.
        dynamodb: what the client is over.
        tables: their names.
        used: the item actions of each use case so far, by table.
        partitions: the core partitions that each use case has named so far, by action.
    """

    use_cases: UseCases
    client: RecordingClient
    dynamodb: Any
    tables: Tables
    clock: FakeClock
    used: dict[str, dict[str, set[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    partitions: dict[str, dict[str, set[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    keys: int = 0

    async def act(self, name: str, request: object) -> Any:
        """Run a use case, and add what it asked of DynamoDB to what it has used."""
        self.client.calls.clear()
        result = await getattr(self.use_cases, name).execute(request)
        for call in self.client.calls:
            for table, action in self._actions(call):
                self.used[name]["ledger" if table == self.tables.ledger else "core"].add(action)
            for action, partition in self._core_partitions(call):
                self.partitions[name][action].add(partition)
        return result

    def _core_partitions(self, call: Call) -> list[tuple[str, str]]:
        """The action and the partition of each item of core that a call names."""
        parameters = call.parameters
        match call.operation:
            case "batch_get_item":
                keys = parameters["RequestItems"].get(self.tables.core, {}).get("Keys", ())
                return [("BatchGetItem", key["PK"]["S"]) for key in keys]
            case "transact_write_items":
                kinds = [next(iter(item.items())) for item in parameters["TransactItems"]]
                return [
                    (_ITEM_ACTIONS[kind], (item.get("Item") or item["Key"])["PK"]["S"])
                    for kind, item in kinds
                    if item["TableName"] == self.tables.core
                ]
            case _:
                return []

    def fresh(self) -> Idempotency:
        """A key that was not used before."""
        self.keys += 1
        return Idempotency(f"key-{self.keys}", f"request-{self.keys}")

    @staticmethod
    def _actions(call: Call) -> list[tuple[str, str]]:
        """The table and the action of each item that a call is about, as DynamoDB checks them."""
        parameters = call.parameters
        match call.operation:
            case "batch_get_item":
                return [(table, "BatchGetItem") for table in parameters["RequestItems"]]
            case "transact_write_items":
                kinds = [next(iter(item.items())) for item in parameters["TransactItems"]]
                return [(item["TableName"], _ITEM_ACTIONS[kind]) for kind, item in kinds]
            case operation:
                return [(parameters["TableName"], operation.title().replace("_", ""))]


async def live(stage: Stage) -> None:
    """Do everything that can be done, once and so that each way of doing it is taken."""
    ann, bob, root = caller("ann"), caller("bob"), admin("root")
    for person in (ann, bob, root):
        await stage.act("open_account", OpenAccountRequest(person, stage.fresh()))
    await stage.act("grant_credits", GrantCreditsRequest(root, "bob", Money(MICROS), "A prize.", stage.fresh()))
    closes_at = stage.clock.now() + timedelta(hours=1)
    for slug in ("rain", "snow", "fog", "hail", "sleet"):
        definition = MarketDefinition(f"Will there be {slug}?", tags=("weather",), closes_at=closes_at)
        await stage.act("create_market", CreateMarketRequest(ann, slug, definition, stage.fresh()))
        await stage.act("edit_market", EditMarketRequest(ann, slug, MarketChanges(tags=("sky",))))
        await stage.act("publish_market", PublishMarketRequest(ann, slug, stage.fresh()))
    terms = OrderTerms("YES", Side.BUY, quantity=MICROS)
    await stage.act("quote", QuoteRequest("rain", terms))
    order = (await stage.act("place_order", PlaceOrderRequest(bob, "rain", terms, stage.fresh()))).order
    sale = OrderTerms("YES", Side.SELL, quantity=1)
    await stage.act("place_order", PlaceOrderRequest(bob, "rain", sale, stage.fresh()))
    await stage.act("get_order", GetOrderRequest(bob, order.id))
    await stage.act("place_order", _purchase(stage, "sleet"))
    ended = Lease("rain", 1, milliseconds(stage.clock.now()), milliseconds(stage.clock.now() + timedelta(seconds=1)))
    stage.dynamodb.put_item(TableName=stage.tables.core, Item=to_item(ended))
    await stage.act("place_order", _purchase(stage))  # by way of the mailbox
    await read(stage)
    await admit(stage)
    await end_access(stage)
    await talk(stage)
    await hook(stage)
    await stage.act("close_market", CloseMarketRequest(ann, "rain", stage.fresh()))
    await stage.act("reopen_market", ReopenMarketRequest(ann, "rain", closes_at, stage.fresh()))
    for follow in ("withdraw_resolution", None):
        await stage.act("resolve_market", ResolveMarketRequest(ann, "rain", "YES", stage.fresh()))
        if follow:
            await stage.act(follow, WithdrawResolutionRequest(ann, "rain", stage.fresh()))
    await stage.act("resolve_market", ResolveMarketRequest(ann, "sleet", "YES", stage.fresh()))
    stage.clock.advance(APPEAL)
    await stage.act("void_market", VoidMarketRequest(root, "snow", "No sky.", stage.fresh()))
    await stage.act("ring_stale", RingStaleRequest())
    for slug in ("rain", "sleet"):
        await stage.act("settle_positions", SettlePositionsRequest(slug))
    await rank(stage)
    stage.clock.advance(timedelta(hours=2))
    await stage.act("reopen_market", ReopenMarketRequest(ann, "hail", None, stage.fresh()))
    await stage.act("close_expired_markets", CloseExpiredMarketsRequest())
    await stage.act("audit_ledger", AuditLedgerRequest())
    await stage.act("list_people", ListPeopleRequest(root, 10))  # by the index, which the audit has found complete
    await stage.act("get_audit", GetAuditRequest())


async def read(stage: Stage) -> None:
    """Look at everything."""
    bob = caller("bob")
    await stage.act("get_market", GetMarketRequest("rain", bob))
    await stage.act("list_markets", ListMarketsRequest(10))
    await stage.act("list_markets", ListMarketsRequest(10, tag="sky"))
    await stage.act("get_portfolio", GetPortfolioRequest(bob))
    await stage.act("list_trades", ListTradesRequest("rain", 10))
    await stage.act("list_holders", ListHoldersRequest("rain", 10))
    await stage.act("list_my_trades", ListMyTradesRequest(bob, 10))
    await stage.act("list_journal", ListJournalRequest(bob, 10))
    await stage.act("project_price_history", ProjectPriceHistoryRequest("rain"))
    await stage.act("list_prices", ListPricesRequest("rain", Interval.HOUR))


async def admit(stage: Stage) -> None:
    """Make keys and invitations, use them, and take them back."""
    bob, root = caller("bob"), admin("root")
    later = stage.clock.now() + timedelta(days=1)
    issued = (await stage.act("create_api_key", CreateApiKeyRequest(bob, "bot", frozenset({Scope.READ}), later))).issued
    await stage.act("authorize", AuthorizeRequest((f"Key {issued.text}",)))
    await stage.act("list_api_keys", ListApiKeysRequest(bob, 10))
    await stage.act("revoke_api_key", RevokeApiKeyRequest(bob, issued.api_key.id))
    # Whoever first needs the instance's secret makes it.
    await stage.act("list_invitations", ListInvitationsRequest(root, 10))
    signed = (await stage.act("create_invitation", CreateInvitationRequest(root, 2, later))).signed
    await stage.act("list_invitations", ListInvitationsRequest(root, 10))
    accepted = await stage.act("accept_invitation", AcceptInvitationRequest(signed.token, "Dan"))
    await stage.act("create_api_key", CreateApiKeyRequest(admin("dan"), "root", frozenset({Scope.ADMIN}), later))
    await stage.act("authorize", AuthorizeRequest((f"Bearer {accepted.token}",)))  # who is an admin no longer
    await stage.act("revoke_invitation", RevokeInvitationRequest(root, signed.invitation.id))


async def end_access(stage: Stage) -> None:
    """End and restore somebody's access, and let somebody back in by a link."""
    root, bob = admin("root"), caller("bob")
    await stage.act("list_people", ListPeopleRequest(root, 10))
    for name, request in (("suspend_account", SuspendAccountRequest), ("restore_account", RestoreAccountRequest)):
        await stage.act(name, request(root, "dan", stage.fresh()))
    signed = await stage.act("create_sign_in_link", CreateSignInLinkRequest(root, "dan"))
    await stage.act("accept_sign_in_link", AcceptSignInLinkRequest(signed.token))
    await stage.act("forget_account", ForgetAccountRequest(root, "dan", stage.fresh()))
    await stage.act("revoke_credentials", RevokeCredentialsRequest(root, "dan", stage.fresh()))
    await stage.act("revoke_my_credentials", RevokeMyCredentialsRequest(bob, stage.fresh()))


async def talk(stage: Stage) -> None:
    """Look people up, rename one, comment and clarify, and delete a draft."""
    ann, bob = caller("ann"), caller("bob")
    await stage.act("get_me", GetMeRequest(bob))
    await stage.act("rename_account", RenameAccountRequest(bob, "bob", "Robert"))
    await stage.act("get_account", GetAccountRequest("bob"))
    await stage.act("list_accounts", ListAccountsRequest(("ann", "bob")))
    await stage.act("list_account_trades", ListAccountTradesRequest("bob", 10))
    posted = await stage.act("post_comment", PostCommentRequest(bob, "rain", "Clouds!", stage.fresh()))
    await stage.act("list_comments", ListCommentsRequest("rain", 10))
    await stage.act("delete_comment", DeleteCommentRequest(bob, "rain", posted.comment.id))
    await stage.act("clarify_market", ClarifyMarketRequest(ann, "rain", "Drizzle counts.", stage.fresh()))
    await stage.act("list_events", ListEventsRequest("rain", 0, 10))
    await stage.act("create_market", CreateMarketRequest(ann, "dew", MarketDefinition("Dew?"), stage.fresh()))
    await stage.act("delete_draft", DeleteDraftRequest(ann, "dew"))


async def hook(stage: Stage) -> None:
    """Make a webhook, tell it of a market, fail once, and take it back."""
    bob = caller("bob")
    webhook = (
        await stage.act("create_webhook", CreateWebhookRequest(bob, Subscription("https://bob.example", None, None)))
    ).webhook
    name = WebhookName("bob", webhook.id)
    await stage.act("list_webhooks", ListWebhooksRequest(bob, 10))
    await stage.act("get_webhook", GetWebhookRequest(bob, webhook.id))
    await stage.act("place_order", _purchase(stage))
    await stage.act("ring_webhooks", RingWebhooksRequest("rain"))
    await stage.act("ring_webhooks", RingWebhooksRequest(EVERY_MARKET))
    await stage.act("ring_untold", RingUntoldRequest())
    for status in (500, 200):
        RECEIVER.status = status
        await stage.act("deliver_webhook", DeliverWebhookRequest(name, "rain"))
        stage.clock.advance(timedelta(seconds=10))
        await stage.act("retry_webhooks", RetryWebhooksRequest())
    RECEIVER.status = 410
    await stage.act("place_order", _purchase(stage))
    await stage.act("deliver_webhook", DeliverWebhookRequest(name, "rain"))
    await stage.act("enable_webhook", EnableWebhookRequest(bob, webhook.id))
    await stage.act("rotate_webhook_secret", RotateWebhookSecretRequest(bob, webhook.id))
    await stage.act("list_webhook_deliveries", ListWebhookDeliveriesRequest(bob, webhook.id, 10))
    await stage.act("delete_webhook", DeleteWebhookRequest(bob, webhook.id))


def _purchase(stage: Stage, slug: str = "rain") -> PlaceOrderRequest:
    return PlaceOrderRequest(caller("bob"), slug, OrderTerms("YES", Side.BUY, quantity=MICROS), stage.fresh())


async def rank(stage: Stage) -> None:
    """Fold the results of settled markets into records, of one by a replay of its trades, and read them."""
    await stage.act("ring_unrecorded", RingUnrecordedRequest())
    await stage.act("project_records", ProjectRecordsRequest("rain"))
    for shard in range(HOLDER_SHARDS):  # as releases settled that left no results
        place = place_of(key_for(Tally, "sleet", shard))
        stage.dynamodb.delete_item(TableName=stage.tables.core, Key=place.attributes())
    await stage.act("project_records", ProjectRecordsRequest("sleet"))
    await stage.act("get_record", GetRecordRequest("bob", "all"))
    await stage.act("list_results", ListResultsRequest("bob", 10))
    await stage.act("list_leaders", ListLeadersRequest(Board("all", "", Measure.POINTS), 10))


class Channel:
    """Where hints are published."""

    async def publish(self, hints: Sequence[Hint]) -> int:
        """Lose none."""
        return 0


class Receiver:
    """Whoever is told by webhooks, answering as a test wants."""

    status = 200

    async def check(self, target: Target) -> None:
        """Any target may be called."""

    async def post(self, target: Target, headers: Mapping[str, str], body: bytes) -> Answer:
        return Answer(self.status, None)


RECEIVER = Receiver()


@pytest.fixture
async def lived() -> AsyncIterator[Stage]:
    """A stage on which everything has been done."""
    client = connect()
    with mock_aws(), temporary_tables(client) as tables:
        recording, clock = RecordingClient(client), FakeClock()
        recorded: Any = recording
        persistence = dynamodb_persistence(recorded, tables, clock, LowestRandom())
        ports = Ports(persistence, clock, LowestRandom(), Settings(appeal=APPEAL), doorbell=lambda *_: SilentDoorbell())
        ports = replace(ports, create_webhook_sender=lambda _: RECEIVER)
        stage = Stage(UseCases(ports), recording, client, tables, clock)
        await live(stage)
        yield stage


@pytest.fixture
def used(lived: Stage) -> Mapping[str, Used]:
    """What each use case asks of the tables in the course of a life."""
    return {name: {table: frozenset(actions) for table, actions in by.items()} for name, by in lived.used.items()}


async def test_roles_grant_what_use_cases_use(used: Mapping[str, Used]) -> None:
    """Exactly: an action that no longer happens is no longer granted."""
    granted = {function.name: dict(function.tables) for function in FUNCTIONS if function.name not in SAME_AS}
    expected = {name: tables for name, tables in granted.items() if name not in {*WITHOUT_A_TABLE, *SURFACES}}
    assert dict(used) == expected
    assert not any(granted[name] for name in WITHOUT_A_TABLE & granted.keys())
    for function in FUNCTIONS:
        if function.name in SAME_AS:
            assert function.tables == granted[SAME_AS[function.name]]
    for name, surface in SURFACES.items():
        for table, actions in granted[name].items():
            assert actions == {action for each in surface.over for action in granted[each].get(table, ())}


async def test_hints_take_what_the_registry_names(lived: Stage) -> None:
    """Where there are hints, whoever publishes them reads the books of markets, and nothing else."""
    client: Any = lived.client
    client.calls.clear()
    records = dynamodb_persistence(client, lived.tables, lived.clock, LowestRandom()).records
    changed = market_changed(RAIN, EventType.CLOSED, "ann", lived.clock.now())
    assert (await HintMarkets(records, Channel(), lived.clock).execute(HintMarketsRequest([changed]))).published == 1
    (granted,) = (function.hints for function in FUNCTIONS if function.hints is not None)
    used = {
        ("ledger" if table == lived.tables.ledger else "core", action)
        for call in client.calls
        for table, action in lived._actions(call)
    }
    assert used == {(table, action) for table, actions in granted.items() for action in actions}


async def test_the_ledger_is_only_added_to(used: Mapping[str, Used]) -> None:
    """By anybody."""
    actions = {action for tables in used.values() for action in tables.get("ledger", ())}
    assert actions == {"PutItem", "Query"}


async def test_only_who_signs_or_verifies_reads_the_secrets(lived: Stage) -> None:
    """The roles of all others refuse their partition; who is given them has to use them."""
    reading = {name for name, by in lived.partitions.items() if SECRETS in set().union(*by.values())}
    assert reading == {function.name for function in FUNCTIONS if function.secrets}
    assert place_of_record(InstanceSecret("signing", "secret")).partition == SECRETS


async def test_the_authorizer_writes_keys_alone(lived: Stage) -> None:
    """Where an entry names partitions, what is written begins with one of them, and each of them is written."""
    for function in FUNCTIONS:
        if function.writes is not None:
            named = lived.partitions[function.name]
            written = (named["PutItem"] | named["DeleteItem"]) - {SECRETS}
            starts = {start for start in function.writes for partition in written if partition.startswith(start)}
            assert starts == function.writes
            assert all(partition.startswith(tuple(function.writes)) for partition in written)
