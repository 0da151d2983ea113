"""A deployed stack over tables that it did not make, and the people who live in it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.model.trading.replay import verify_market
from functions.adapter.out.client.documents import read_market, read_trades
from functions.adapter.out.dynamodb.tables import Tables
from tests.e2e import runbook
from tests.e2e.deployment import Deployment, finish
from tests.e2e.people import Person, Town

type Json = dict[str, Any]

RIGHT = runbook.Ended(0, "Everything stored follows from the ledger.\n")
RESTORE, STOP, UPGRADE = "Restore everything", "Stop the service", "Upgrade past 2026-11-27"
_SECOND = "2026-11-27T09:30:00Z"
"""The local endpoint restores the present, whatever second it is asked for."""


@dataclass(frozen=True)
class Rehearsal:
    """What is tried, and who lives there.

    Args:
        deployment: the stack.
        town: its people's town.
        people: those who had a bot key, by their accounts; and nobody in particular, under None.
    """

    deployment: Deployment
    town: Town
    people: Mapping[str | None, Person]

    @property
    def nobody(self) -> Person:
        """Somebody without a credential."""
        return self.people[None]

    @property
    def database(self) -> Any:
        """A client of DynamoDB."""
        return self.deployment.client("dynamodb")

    @property
    def tables(self) -> Tables:
        """The tables that the stack has adopted."""
        return Tables(self.deployment.options["coreTable"], self.deployment.options["ledgerTable"])

    def silence_schedules(self) -> None:
        """Switch the rules off: the tests say when."""
        events = self.deployment.client("events")
        for rule in events.list_rules()["Rules"]:
            events.disable_rule(Name=rule["Name"])

    def call(self, function: str) -> Json:
        """Call a function as its schedule does; what it counts."""
        answer = self.deployment.client("lambda").invoke(
            FunctionName=f"{self.deployment.name}-{function}", Payload=b"{}"
        )
        said: Json = json.load(answer["Payload"])
        assert "FunctionError" not in answer, said
        return said

    def most_at_once(self, function: str) -> int | None:
        """How often a function may run at once. The local endpoint keeps the number, and lets it run all the same."""
        functions = self.deployment.client("lambda")
        answer: Json = functions.get_function_concurrency(FunctionName=f"{self.deployment.name}-{function}")
        return answer.get("ReservedConcurrentExecutions")

    def order(self, who: str, slug: str, outcome: str, *, key: str, side: str = "buy") -> Json:
        """Trade one share."""
        body = {"outcome": outcome, "side": side, "quantity": "1"}
        return self.people[who].post(f"/v1/markets/{slug}/orders", body, key=key)

    def trades(self, slug: str) -> dict[int, str]:
        """The digests of a market's trades, by version. The replay of all of them comes to what the market shows."""
        path = f"/v1/markets/{slug}"
        shown, listed = (self.nobody.send("GET", each).content for each in (path, f"{path}/trades?limit=100"))
        trades = read_trades(listed).items
        verify_market(read_market(shown), reversed(trades))
        return {trade.version: trade.digest for trade in trades}

    def require_right(self) -> None:
        """The books balance, every market verifies, and nothing stored contradicts the ledger."""
        assert self.call("audit_ledger")["wrong"] == 0
        assert self.nobody.get("/v1/audit")["difference"] == "0.000000"
        for market in self.nobody.get("/v1/markets?limit=100")["markets"]:
            self.trades(market["slug"])
        assert self.run(".venv/bin/hunch reconcile --core-table $CORE --ledger-table $LEDGER") == RIGHT

    def run(self, command: str) -> runbook.Ended:
        """Run a command of the runbook."""
        core, ledger = self.tables
        return runbook.run(
            self.deployment, command, NAME=self.deployment.name, CORE=core, LEDGER=ledger, SECOND=_SECOND
        )


def adopt(deployment: Deployment, options: str) -> None:
    """Deploy over the tables that these options name, as ``infra.adopt`` prints them."""
    pairs = (word.partition("=") for word in options.split() if "=" in word)
    deployment.options = {name: value for name, _, value in pairs if name.startswith(("core", "ledger"))}
    synthesis = deployment.synthesize()
    finish(synthesis)
    deployment.preflight()
    deployment.deploy()
