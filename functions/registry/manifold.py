"""The surface for programs that were written for Manifold: one function for all of it."""

from functions.registry.triggers import Function, Surface

SUBDOMAIN = "manifold"

FUNCTIONS: tuple[Function, ...] = (
    Function(
        "manifold",
        SUBDOMAIN,
        Surface(
            ("/v0", "/api/v0"),
            frozenset(
                {
                    "close_market",
                    "create_market",
                    "delete_draft",
                    "get_account",
                    "get_market",
                    "get_portfolio",
                    "get_record",
                    "list_account_trades",
                    "list_accounts",
                    "list_comments",
                    "list_events",
                    "list_holders",
                    "list_markets",
                    "list_prices",
                    "list_results",
                    "list_trades",
                    "place_order",
                    "publish_market",
                    "quote",
                    "reopen_market",
                    "resolve_market",
                    "void_market",
                }
            ),
        ),
        {},
    ),
)
