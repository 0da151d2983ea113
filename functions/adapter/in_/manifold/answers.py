"""What an outcome is called: YES and NO where there are two, an answer's id where there are more."""

from domain.model.trading.market import Market
from functions.adapter.in_.surface.refusal import wrong

YES, NO = "YES", "NO"
_TWO = 2


def is_binary(outcomes: tuple[str, ...]) -> bool:
    """Whether the first outcome is YES and the second NO, whatever they are called."""
    return len(outcomes) == _TWO


def answer_id(slug: str, index: int) -> str:
    """The id of a market's answer: unlike its text it is of no other market."""
    return f"{slug}:{index}"


def answer_index(market: Market, id_: str) -> int:
    """The index of the outcome that an answer's id stands for; its exact text will do, too.

    Raises:
        SurfaceError: the market has no such answer.
    """
    ids = [answer_id(market.slug, index) for index in range(len(market.outcomes))]
    for names in (ids, market.outcomes):
        if id_ in names:
            return names.index(id_)
    raise wrong("answerId", "is none of the market's answers")


def outcome_index(market: Market, outcome: str, answer: str | None) -> int:
    """The index of the outcome that somebody bets on, or has shares of.

    Raises:
        SurfaceError: the market has no such outcome.
    """
    if is_binary(market.outcomes):
        if answer is not None:
            raise wrong("answerId", "is for markets with more than two outcomes")
        return (YES, NO).index(outcome)
    if answer is None:
        raise wrong("answerId", "is needed: the market has more than two outcomes")
    if outcome != YES:
        raise wrong("outcome", "must be YES: against an answer one bets on the others")
    return answer_index(market, answer)
