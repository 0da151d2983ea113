"""The records of a market that very many people hold shares of, as their orders would have left them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from domain.application.ledger.open_account import OpenAccountRequest
from domain.application.trading.create_market import CreateMarketRequest
from domain.application.trading.place_order import PlaceOrderRequest
from domain.application.trading.publish_market import PublishMarketRequest
from domain.application.trading.resolve_market import ResolveMarketRequest
from domain.model.kernel.caller import EVERY_SCOPE, Caller
from domain.model.kernel.command import Idempotency
from domain.model.kernel.money import MICROS, Money
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from domain.model.trading.book import Book
from domain.model.trading.market import MarketDefinition
from domain.model.trading.order import OrderTerms
from domain.model.trading.position import Position
from domain.model.trading.trade import Side
from domain.port.out.store import Replace
from functions.config.use_cases import UseCases

MARKET = "rain"
_CREATOR = Caller("creator", scopes=EVERY_SCOPE)
_OUTCOMES = ("YES", "NO")


@dataclass(frozen=True)
class Holders:
    """Everybody who holds a share, YES and NO in turn, each as a copy of somebody who has bought one.

    Args:
        number: how many they are.
        accounts: the two who have bought.
        positions: what they hold.
    """

    number: int
    accounts: tuple[Account, Account]
    positions: tuple[Position, Position]

    def name(self, number: int) -> str:
        """The account of one of them."""
        return f"holder-{number:07d}"

    def account(self, number: int) -> Account:
        """As it is before the market is paid out."""
        return replace(self.accounts[number % 2], id=self.name(number))

    def position(self, number: int) -> Position:
        """What it holds."""
        return replace(self.positions[number % 2], account=self.name(number))

    def records(self) -> Iterator[Account | Position]:
        """All of them."""
        for number in range(self.number):
            yield self.account(number)
            yield self.position(number)

    def full(self, book: Book) -> Replace[Book]:
        """The book, once all of them hold their shares and those who bought first are of no account."""
        of_each = (self.number + 1) // 2, self.number // 2
        spent = sum(number * each.net_spend.amount for number, each in zip(of_each, self.positions, strict=True))
        after = replace(
            book,
            quantities=tuple(
                book.quantities[outcome] + of_each[outcome] * self.positions[outcome].quantities[outcome]
                for outcome in range(2)
            ),
            pool=Money(book.pool.amount + spent),
            staked=Money(book.staked.amount + spent),
            holders=book.holders + self.number,
        )
        return Replace(after, book)


async def begin(use_cases: UseCases, number: int) -> tuple[Holders, Book]:
    """Publish a market on which two have bought a share each; so many who shall hold the like, and its book."""
    for account in (_CREATOR, *map(_buyer, _OUTCOMES)):
        await use_cases.open_account.execute(OpenAccountRequest(account, Idempotency("open", "")))
    draft = CreateMarketRequest(_CREATOR, MARKET, MarketDefinition("Will it rain?"), Idempotency("draft", ""))
    await use_cases.create_market.execute(draft)
    await use_cases.publish_market.execute(PublishMarketRequest(_CREATOR, MARKET, Idempotency("publish", "")))
    for outcome in _OUTCOMES:
        terms = OrderTerms(outcome, Side.BUY, quantity=MICROS)
        request = PlaceOrderRequest(_buyer(outcome), MARKET, terms, Idempotency("buy", ""))
        await use_cases.place_order.execute(request)
    accounts = [key_for(Account, _buyer(outcome).account) for outcome in _OUTCOMES]
    positions = [key_for(Position, _buyer(outcome).account, MARKET) for outcome in _OUTCOMES]
    book_key = key_for(Book, MARKET)
    found: Any = (await use_cases.ports.store.read(*accounts, *positions, book_key)).found
    holders = Holders(number, tuple(found[key] for key in accounts), tuple(found[key] for key in positions))
    return holders, found[book_key]


async def resolve(use_cases: UseCases) -> None:
    """Decide the market, which leaves all of it to be paid out."""
    decision = {"YES": 400_000, "NO": 600_000}
    request = ResolveMarketRequest(_CREATOR, MARKET, decision, Idempotency("resolve", ""))
    await use_cases.resolve_market.execute(request)


def _buyer(outcome: str) -> Caller:
    return Caller(f"buyer-{outcome.lower()}", scopes=EVERY_SCOPE)
