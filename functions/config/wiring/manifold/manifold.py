"""The wiring of manifold."""

from functions.adapter.in_.manifold.use_cases import ManifoldUseCases
from functions.config.ports import Ports
from functions.config.wiring.discussion.list_comments import list_comments
from functions.config.wiring.history.list_events import list_events
from functions.config.wiring.history.list_prices import list_prices
from functions.config.wiring.ledger.get_account import get_account
from functions.config.wiring.ledger.get_portfolio import get_portfolio
from functions.config.wiring.ledger.list_account_trades import list_account_trades
from functions.config.wiring.ledger.list_accounts import list_accounts
from functions.config.wiring.record.get_record import get_record
from functions.config.wiring.record.list_results import list_results
from functions.config.wiring.trading.close_market import close_market
from functions.config.wiring.trading.create_market import create_market
from functions.config.wiring.trading.delete_draft import delete_draft
from functions.config.wiring.trading.get_market import get_market
from functions.config.wiring.trading.list_holders import list_holders
from functions.config.wiring.trading.list_markets import list_markets
from functions.config.wiring.trading.list_trades import list_trades
from functions.config.wiring.trading.place_order import place_order
from functions.config.wiring.trading.publish_market import publish_market
from functions.config.wiring.trading.quote import quote
from functions.config.wiring.trading.reopen_market import reopen_market
from functions.config.wiring.trading.resolve_market import resolve_market
from functions.config.wiring.trading.void_market import void_market


def manifold(ports: Ports) -> ManifoldUseCases:
    """The use cases of the surface over these ports."""
    return ManifoldUseCases(
        clock=ports.clock,
        close_market=close_market(ports),
        create_market=create_market(ports),
        delete_draft=delete_draft(ports),
        get_account=get_account(ports),
        get_market=get_market(ports, may_trail=False),
        get_portfolio=get_portfolio(ports),
        get_record=get_record(ports),
        list_account_trades=list_account_trades(ports),
        list_accounts=list_accounts(ports),
        list_comments=list_comments(ports),
        list_events=list_events(ports),
        list_holders=list_holders(ports),
        list_markets=list_markets(ports),
        list_prices=list_prices(ports),
        list_results=list_results(ports),
        list_trades=list_trades(ports),
        place_order=place_order(ports),
        publish_market=publish_market(ports),
        quote=quote(ports),
        reopen_market=reopen_market(ports),
        resolve_market=resolve_market(ports),
        void_market=void_market(ports),
    )
