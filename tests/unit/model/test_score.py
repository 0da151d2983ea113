"""Points and Brier scores as integers, worked out by hand."""

from decimal import Decimal

import pytest

from domain.model.kernel.money import MICROS, Money
from domain.model.record.score import brier_of, points_of


@pytest.mark.parametrize(
    ("profit", "liquidity", "points"),
    [
        ("69.314718", 100, 100_000_000),  # 100 ln 2: what doubling a price is worth
        ("-69.314719", 100, -100_000_001),
        ("69.314718", 1000, 10_000_000),
        ("69.314718", 99, 100_000_000),  # smaller markets count as those of 100 do
        ("69.314718", 1, 100_000_000),
        ("0", 1, 0),
    ],
)
def test_points(profit: str, liquidity: int, points: int) -> None:
    """100 · profit / (max(b, 100) ln 2): nobody collects points in tiny markets."""
    assert points_of(Money(int(Decimal(profit) * MICROS)), liquidity * MICROS) == points


@pytest.mark.parametrize(
    ("squares", "weight", "brier"),
    [("0", "0", None), ("0", "5", 0), ("2.5", "10", 250_000), ("0.0000025", "1", 2), ("0.0000035", "1", 4)],
)
def test_brier(squares: str, weight: str, brier: int | None) -> None:
    """Σ w (p - o)² / Σ w, six decimals, half-even; None where nothing was bought."""
    assert brier_of(Decimal(squares), Decimal(weight)) == brier
