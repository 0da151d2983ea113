"""What viewers of a market cost in an hour, with hints and without: ``python -m infra.hint_costs``.

Dollars at list prices of us-east-1 in November 2026. The output stands in docs/runbook.md between two marks; a test
holds the two together.
"""

from infra.costs import CLOUDFRONT_REQUESTS, EDGE_FUNCTIONS, MILLION

_MESSAGES, _CONNECTED_MINUTES = 1.00, 0.08
_ASKED_SECONDS, _HINTED_SECONDS = 2, 60
"""Between two questions of an open page, without hints and with them."""
_BUSY_SECONDS = 2
"""Between two trades of a busy market, and so between two hints."""
_READS_OF_NEWS = 5
"""The question, the market, and its trades, prices and holders."""
_VIEWERS = (100, 10_000)
_HOUR = 3600


def render_hints() -> str:
    """The table, as docs/runbook.md has it."""
    heads = "| one market for an hour | AppSync | requests of CloudFront | requests without hints |\n|---|---|---|---|"
    return "\n".join((heads, *(row for viewers in _VIEWERS for row in (_quiet(viewers), _busy(viewers)))))


def _quiet(viewers: int) -> str:
    """Nothing happens: connections stay open, and pages ask now and then."""
    hinted, asking = (viewers * _HOUR / seconds for seconds in (_HINTED_SECONDS, _ASKED_SECONDS))
    return _row(f"{viewers} viewers, nothing happens", _connections(viewers), hinted, asking)


def _busy(viewers: int) -> str:
    """Each page reads the same of each trade; hints come on top, one published and one for each viewer."""
    trades = _HOUR / _BUSY_SECONDS
    reads = viewers * trades * _READS_OF_NEWS
    pushed = _connections(viewers) + (1 + viewers) * trades * _MESSAGES
    return _row(f"{viewers} viewers, a trade every two seconds", pushed, reads, reads)


def _connections(viewers: int) -> float:
    return viewers * _HOUR / 60 * _CONNECTED_MINUTES


def _row(what: str, pushed: float, hinted: float, asking: float) -> str:
    """Millionths of dollars for AppSync, and requests to CloudFront with hints and without."""
    request = CLOUDFRONT_REQUESTS + EDGE_FUNCTIONS
    amounts = (amount / MILLION for amount in (pushed, hinted * request, asking * request))
    return f"| {what} | {' | '.join(f'{amount:.2f}' for amount in amounts)} |"


if __name__ == "__main__":
    print(render_hints())  # noqa: T201 -- its output
