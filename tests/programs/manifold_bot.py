"""A trader over the package manifoldbot, whose address is a setting of its classes and whose key is an argument.

It looks for a market, reads all it can of it, bets, and says what it found as JSON.
"""

import json
import sys

from manifoldbot.manifold.reader import ManifoldReader
from manifoldbot.manifold.writer import ManifoldWriter


def run(address: str, key: str, term: str) -> dict[str, object]:
    """Bet on the market that a search finds, and read it and its own account before and after."""
    ManifoldReader.BASE_URL = address
    bot = ManifoldWriter(key)
    (market,) = bot.search_markets(term)
    id_ = market["id"]
    bets = [bot.place_bet(id_, "YES", 10), bot.place_limit_yes(id_, 10, 0.9), bot.place_limit_no(id_, 10, 0.1)]
    return {
        "authenticated": bot.is_authenticated(),
        "balance": bot.get_balance(),
        "bets": [bet["amount"] for bet in bets],
        "criteria": bot.get_market_basic_info(id_)["description"],
        "deposits": bot.get_total_deposits(),
        "markets": [each["id"] for each in bot.get_markets(limit=5)],
        "probability": bot.get_market_probability(id_),
        "same": bot.get_market(id_) == bot.get_market_by_slug(id_),
        "trending": len(bot.get_trending_markets(limit=5)),
    }


if __name__ == "__main__":
    print(json.dumps(run(*sys.argv[1:])))  # noqa: T201 -- what it found
