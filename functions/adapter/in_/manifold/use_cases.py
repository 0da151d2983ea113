"""The use cases that the surface is over."""

from dataclasses import dataclass

from domain.application.discussion.list_comments import ListCommentsRequest, ListCommentsResult
from domain.application.history.list_events import ListEventsRequest, ListEventsResult
from domain.application.history.list_prices import ListPricesRequest, ListPricesResult
from domain.application.ledger.get_account import GetAccountRequest, GetAccountResult
from domain.application.ledger.get_portfolio import GetPortfolioRequest, GetPortfolioResult
from domain.application.ledger.list_account_trades import ListAccountTradesRequest, ListAccountTradesResult
from domain.application.ledger.list_accounts import ListAccountsRequest, ListAccountsResult
from domain.application.record.get_record import GetRecordRequest, GetRecordResult
from domain.application.record.list_results import ListResultsRequest, ListResultsResult
from domain.application.trading.close_market import CloseMarketRequest, CloseMarketResult
from domain.application.trading.create_market import CreateMarketRequest, CreateMarketResult
from domain.application.trading.delete_draft import DeleteDraftRequest, DeleteDraftResult
from domain.application.trading.get_market import GetMarketRequest, GetMarketResult
from domain.application.trading.list_holders import ListHoldersRequest, ListHoldersResult
from domain.application.trading.list_markets import ListMarketsRequest, ListMarketsResult
from domain.application.trading.list_trades import ListTradesRequest, ListTradesResult
from domain.application.trading.place_order import PlaceOrderRequest, PlaceOrderResult
from domain.application.trading.publish_market import PublishMarketRequest, PublishMarketResult
from domain.application.trading.quote import QuoteRequest, QuoteResult
from domain.application.trading.reopen_market import ReopenMarketRequest, ReopenMarketResult
from domain.application.trading.resolve_market import ResolveMarketRequest, ResolveMarketResult
from domain.application.trading.void_market import VoidMarketRequest, VoidMarketResult
from domain.port.in_.use_case import UseCase
from domain.port.out.clock import Clock


@dataclass(frozen=True, slots=True)
class ManifoldUseCases:
    """Each under its own name; and the clock, for what is counted back from now."""

    clock: Clock
    close_market: UseCase[CloseMarketRequest, CloseMarketResult]
    create_market: UseCase[CreateMarketRequest, CreateMarketResult]
    delete_draft: UseCase[DeleteDraftRequest, DeleteDraftResult]
    get_account: UseCase[GetAccountRequest, GetAccountResult]
    get_market: UseCase[GetMarketRequest, GetMarketResult]
    get_portfolio: UseCase[GetPortfolioRequest, GetPortfolioResult]
    get_record: UseCase[GetRecordRequest, GetRecordResult]
    list_account_trades: UseCase[ListAccountTradesRequest, ListAccountTradesResult]
    list_accounts: UseCase[ListAccountsRequest, ListAccountsResult]
    list_comments: UseCase[ListCommentsRequest, ListCommentsResult]
    list_events: UseCase[ListEventsRequest, ListEventsResult]
    list_holders: UseCase[ListHoldersRequest, ListHoldersResult]
    list_markets: UseCase[ListMarketsRequest, ListMarketsResult]
    list_prices: UseCase[ListPricesRequest, ListPricesResult]
    list_results: UseCase[ListResultsRequest, ListResultsResult]
    list_trades: UseCase[ListTradesRequest, ListTradesResult]
    place_order: UseCase[PlaceOrderRequest, PlaceOrderResult]
    publish_market: UseCase[PublishMarketRequest, PublishMarketResult]
    quote: UseCase[QuoteRequest, QuoteResult]
    reopen_market: UseCase[ReopenMarketRequest, ReopenMarketResult]
    resolve_market: UseCase[ResolveMarketRequest, ResolveMarketResult]
    void_market: UseCase[VoidMarketRequest, VoidMarketResult]
