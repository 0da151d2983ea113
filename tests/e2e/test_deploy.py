"""The stack is deployed into a local AWS by the real CDK, lived in over HTTP, deployed again, and taken away.

These tests are one story and run in this order.
"""

import json
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import jwt
import pytest
from standardwebhooks import Webhook as Verifier

from domain.event.market_events import MarketChanged
from domain.model.trading.market import MarketStatus
from functions.adapter.out.dynamodb.items import decode
from tests.e2e.deployment import STACK, Deployment
from tests.e2e.people import PATIENCE_SECONDS, Person, Town, reach
from tests.e2e.receiver import calling_this_machine, receiving

CLOSES_IN = timedelta(seconds=30)


@pytest.fixture(scope="module")
def town(deployment: Deployment) -> Iterator[Town]:
    """Where people live."""
    with reach(deployment) as http:
        yield Town(deployment, http)


@pytest.fixture(scope="module")
def people(town: Town) -> tuple[Person, Person, Person]:
    """An admin, and two who trade; all have opened their accounts."""
    ann, bob, cem = town.somebody("ann", "admin"), town.somebody("bob"), town.somebody("cem")
    for person in (ann, bob, cem):
        assert person.post("/v1/accounts")["balance"] == "1000.000000"
    return ann, bob, cem


@pytest.fixture(scope="module")
def snow(people: tuple[Person, Person, Person]) -> str:
    """A market that is to close soon, so that it can while other things happen."""
    ann, _, _ = people
    closes_at = (datetime.now(UTC) + CLOSES_IN).isoformat()
    ann.post("/v1/markets", {"name": "Snow?", "slug": "snow", "liquidity": "10", "closes_at": closes_at})
    ann.post("/v1/markets/snow/publish", status=200)
    return "snow"


def test_nobody_reads_and_may_not_trade(town: Town) -> None:
    """Reads are open, the rest asks for a credential, and what is not there is said to be not there."""
    nobody = town.nobody()
    assert nobody.get("/v1/health")["status"] == "ok"
    assert nobody.get("/v1/markets") == {"markets": [], "cursor": None}
    assert nobody.send("HEAD", "/v1/health").status_code == 200
    assert nobody.send("GET", "/v1/portfolio").status_code == 401
    assert nobody.send("GET", "/v1/nothing").json()["code"] == "not-found"
    wrong = nobody.send("DELETE", "/v1/markets")
    assert (wrong.status_code, wrong.headers["Allow"]) == (405, "GET, HEAD, POST")
    assert Person(town.http, "Bearer forged").send("GET", "/v1/markets").status_code == 401


def test_the_page_says_how_to_sign_in_here(deployment: Deployment, town: Town) -> None:
    """The built page and its script are there; config.json names the issuer and the client of tokens that are good."""
    with httpx.Client(base_url=f"{deployment.aws.endpoint}/{deployment.outputs['PagesBucket']}/") as bucket:
        index, config = bucket.get("index.html"), bucket.get("config.json")
        assert index.headers["Content-Type"].startswith("text/html")
        (address,) = re.findall(r'<script type="module"[^>]* src="/(assets/[^"]+)"', index.text)
        script = bucket.get(address)
    assert script.status_code == 200
    assert script.headers["Content-Type"].startswith("text/javascript")
    assert script.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert index.headers["Cache-Control"] == config.headers["Cache-Control"] == "no-cache"
    assert config.headers["Content-Type"] == "application/json"
    ways = config.json()["sign_in"]
    assert (ways["developer"], ways["invitations"]) == (False, True)
    token = town.token("eve")
    claims = jwt.decode(token, options={"verify_signature": False})
    assert (claims["iss"], claims["client_id"]) == (ways["oidc"]["issuer"], ways["oidc"]["client_id"])
    assert Person(town.http, f"Bearer {token}").post("/v1/accounts")["balance"] == "1000.000000"


def test_the_whole_life_of_a_market(town: Town, people: tuple[Person, Person, Person], snow: str) -> None:
    """Published, traded with tokens and a bot key, decided, and paid by way of stream and queue; all money is there."""
    ann, bob, cem = people
    ann.post("/v1/markets", {"name": "Will it rain?", "slug": "rain", "liquidity": "100"})
    ann.post("/v1/markets/rain/publish", status=200)

    order = {"outcome": "YES", "side": "buy", "spend": "50"}
    quote = town.nobody().post("/v1/markets/rain/quotes", order, status=200)
    bought = bob.post("/v1/markets/rain/orders", order, key="bobs-first")
    assert (bought["quantity"], bought["amount"]) == (quote["quantity"], quote["amount"])
    again = bob.send("POST", "/v1/markets/rain/orders", order, key="bobs-first")
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json() == bought

    made = cem.post("/v1/api-keys", {"name": "bot", "scopes": ["read", "trade"]})
    bot = Person(town.http, f"Key {made['key']}")
    assert bot.post("/v1/markets/rain/orders", {"outcome": "NO", "side": "buy", "quantity": "10"})["status"] == "filled"
    assert bot.send("POST", "/v1/markets/rain/close").status_code == 403

    ann.post("/v1/markets/rain/resolve", {"outcome": "YES"}, status=202)
    town.nobody().wait_for("/v1/markets/rain", lambda market: market["status"] == "RESOLVED")
    portfolios = [person.get("/v1/portfolio") for person in people]
    assert all(portfolio["positions"] == [] for portfolio in portfolios)
    escrowed = Decimal(ann.get(f"/v1/markets/{snow}")["subsidy"])
    assert sum(Decimal(portfolio["balance"]) for portfolio in portfolios) + escrowed == 3000
    payout = Decimal(portfolios[1]["balance"]) - (1000 - Decimal(bought["amount"]))
    assert payout == Decimal(bought["quantity"])


def test_a_webhook_is_told_and_verified(deployment: Deployment, people: tuple[Person, Person, Person]) -> None:
    """By way of stream and queue: every event of a market in order, signed, and again after the receiver refused it."""
    ann, bob, _ = people
    private = bob.send("POST", "/v1/webhooks", {"url": "https://127.0.0.1/hook"})
    assert (private.status_code, private.json()["code"]) == (422, "invalid-webhook")
    ann.post("/v1/markets", {"name": "Hail?", "slug": "hail", "liquidity": "10"})
    ann.post("/v1/markets/hail/publish", status=200)
    with receiving() as receiver, calling_this_machine(deployment):
        webhook = bob.post("/v1/webhooks", {"url": receiver.url, "market": "hail"})
        bob.post("/v1/markets/hail/orders", {"outcome": "YES", "side": "buy", "spend": "1"})
        ann.post("/v1/markets/hail/resolve", {"outcome": "YES"}, status=202)
        attempts = f"/v1/webhooks/{webhook['id']}/deliveries"
        told = bob.wait_for(attempts, lambda found: (4, None) in _outcomes(found["deliveries"]))
        assert bob.send("DELETE", f"/v1/webhooks/{webhook['id']}").status_code == 204
    verifier = Verifier(webhook["secret"])
    events = [verifier.verify(body.decode(), headers)["data"] for headers, body in receiver.messages]
    assert [(event["position"], event["type"]) for event in events] == [
        (2, "trade"),
        (2, "trade"),
        (3, "market.resolving"),
        (4, "market.resolved"),
    ]
    assert (2, "the answer was 500") in _outcomes(told["deliveries"])


def _outcomes(deliveries: list[dict[str, Any]]) -> list[tuple[int, str | None]]:
    return [(delivery["position"], delivery["error"]) for delivery in deliveries]


def test_a_schedule_closes_a_market(deployment: Deployment, town: Town, snow: str) -> None:
    """Past its closing time a market is closed in the ledger too, although nobody has asked for it.

    For the test the deployed rule comes every minute instead of every five.
    """
    hurry(deployment, "close_expired_markets")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while MarketStatus.CLOSED not in {change.status for change in changes_of(deployment, snow)}:
        assert time.monotonic() < deadline
        time.sleep(0.5)
    assert town.nobody().get(f"/v1/markets/{snow}")["status"] == "CLOSED"


def hurry(deployment: Deployment, function: str) -> None:
    """Let the rule that calls a function do so every minute."""
    functions, events = deployment.client("lambda"), deployment.client("events")
    target = functions.get_function(FunctionName=f"{STACK}-{function}")["Configuration"]["FunctionArn"]
    (rule,) = events.list_rule_names_by_target(TargetArn=target)["RuleNames"]
    assert events.describe_rule(Name=rule)["ScheduleExpression"] == "rate(5 minutes)"
    events.put_rule(Name=rule, ScheduleExpression="rate(1 minute)", State="ENABLED")


def changes_of(deployment: Deployment, slug: str) -> list[MarketChanged]:
    """The lifecycle records of a market in the ledger."""
    answer = deployment.client("dynamodb").query(
        TableName=deployment.outputs["LedgerTable"],
        KeyConditionExpression="PK = :market",
        ExpressionAttributeValues={":market": {"S": f"M#{slug}"}},
    )
    return [decode(MarketChanged, item) for item in answer["Items"]]


def test_who_signs_up_finds_an_account(deployment: Deployment, town: Town) -> None:
    """The function that the pool calls opens it. The local pool calls nobody, so the test does."""
    dan = town.somebody("dan")
    pool = deployment.outputs["Issuer"].rpartition("/")[2]
    user = deployment.client("cognito-idp").admin_get_user(UserPoolId=pool, Username="dan@example.com")
    attributes = {attribute["Name"]: attribute["Value"] for attribute in user["UserAttributes"]}
    event = {
        "triggerSource": "PostConfirmation_ConfirmSignUp",
        "request": {"userAttributes": attributes},
        "response": {},
    }
    answer = deployment.client("lambda").invoke(FunctionName=f"{STACK}-welcome_user", Payload=json.dumps(event))
    assert json.load(answer["Payload"]) == event
    assert dan.get("/v1/portfolio")["balance"] == "1000.000000"


def test_a_second_deploy_changes_nothing(deployment: Deployment) -> None:
    """The same state of the repository is the same stack."""
    assert "(no changes)" in deployment.deploy()


def test_destroying_leaves_nothing(deployment: Deployment) -> None:
    """A local deployment goes with everything that was in it."""
    deployment.destroy()
    assert deployment.client("dynamodb").list_tables()["TableNames"] == []
    assert deployment.client("lambda").list_functions()["Functions"] == []
