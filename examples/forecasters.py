"""Three forecasters for the arena: one that counts, one that exaggerates, and one that never decides."""

import re
from collections.abc import Mapping

from hunch_client import Market


def careful(market: Market) -> Mapping[str, float]:
    """What the urn in the question says."""
    red, white = (int(count) for count in re.findall(r"\d+", market.description))
    return {"YES": red / (red + white), "NO": white / (red + white)}


def overconfident(market: Market) -> Mapping[str, float]:
    """The likelier side, almost for certain."""
    chances = careful(market)
    likely = max(chances, key=lambda name: chances[name])
    return {name: 0.97 if name == likely else 0.03 for name in chances}


def undecided(market: Market) -> Mapping[str, float]:
    """The same for every outcome."""
    return dict.fromkeys(market.prices, 1 / len(market.prices))


FORECASTERS = {"careful": careful, "overconfident": overconfident, "undecided": undecided}
