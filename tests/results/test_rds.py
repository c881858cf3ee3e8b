"""RDS-II against a table worked out by hand, and against the published formula."""

import numpy as np
import pytest

from bot.core.outreach.chains import Chains
from bot.results.estimates.rows import asked_items
from bot.results.frame import WAVE
from bot.results.rds import Rds, rds, rds_share, rds_weights
from tests.support.frames import COLUMNS, VILLAGE, frame_of

CHAINS = Chains(12, 1, {1: 3, 2: 2}, 5)
PEOPLE = [
    # The seed, who knows many: nobody recruited them, so they are not counted.
    {"cooks": "gas", "age": 50},
    # Degrees 2, 4, 4, 10 and 5; `age` stands for how many people they know.
    {"cooks": "wood", "age": 2, "needs": "water", "hours": 1.0, WAVE: 1},
    {"cooks": "wood", "age": 4, "needs": "water roads", "hours": 3.0, WAVE: 1},
    {"cooks": "gas", "age": 4, "needs": "roads", "hours": 5.0, WAVE: 1},
    {"cooks": "gas", "age": 10, "needs": "water", "hours": None, WAVE: 2},
    {"cooks": "power", "age": 5, "needs": "light", "hours": 2.0, WAVE: 2},
    # Told no degree, told none, broke off.
    {"cooks": "wood", "age": None, WAVE: 2},
    {"cooks": "wood", "age": 0, WAVE: 2},
    {"cooks": "wood", "age": 3, WAVE: 2, "disposition": "break_off"},
]


@pytest.fixture(scope="module")
def told() -> Rds:
    return rds(frame_of(PEOPLE), asked_items(VILLAGE, COLUMNS), "age", CHAINS)


def shares(told: Rds, item: str) -> dict[str, tuple[int, int, float]]:
    (found,) = [one for one in told.items if one.name == item]
    return {one.name: (one.taken, one.base, round(one.estimate, 6)) for one in found.choices}


def test_equals_the_table_worked_out_by_hand(told: Rds) -> None:
    # 1/2 + 1/4 + 1/4 + 1/10 + 1/5 = 1.3
    assert shares(told, "cooks") == {
        "wood": (2, 5, round(0.75 / 1.3, 6)),
        "gas": (2, 5, round(0.35 / 1.3, 6)),
        "power": (1, 5, round(0.2 / 1.3, 6)),
    }
    assert shares(told, "needs") == {
        "water": (3, 5, round(0.85 / 1.3, 6)),
        "roads": (2, 5, round(0.5 / 1.3, 6)),
        "light": (1, 5, round(0.2 / 1.3, 6)),
    }
    (hours,) = [one for one in told.items if one.name == "hours"]
    assert hours.mean is not None
    # (1/2 * 1 + 1/4 * 3 + 1/4 * 5 + 1/5 * 2) / (1/2 + 1/4 + 1/4 + 1/5) = 2.9 / 1.2
    assert hours.mean.estimate == pytest.approx(2.9 / 1.2)
    assert (hours.mean.base, hours.mean.mean) == (4, pytest.approx(11 / 4))


def test_says_whom_it_is_of(told: Rds) -> None:
    assert (told.recruited, told.without_degree) == (7, 2)
    # (sum w)^2 / sum w^2 of 1/2, 1/4, 1/4, 1/10, 1/5.
    assert told.effective == pytest.approx(1.3**2 / (0.25 + 0.0625 + 0.0625 + 0.01 + 0.04))
    assert told.chains is CHAINS


def test_equals_the_published_formula() -> None:
    """Volz and Heckathorn (2008): (n_A / n) * (mean degree of all / mean degree of A), degrees harmonic means."""
    rng = np.random.default_rng(7)
    degrees = rng.integers(1, 60, 400).astype(np.float64)
    has_it = rng.random(400) < 0.3

    def harmonic(some: np.ndarray) -> float:
        return float(some.size / (1 / some).sum())

    published = has_it.mean() * harmonic(degrees) / harmonic(degrees[has_it])
    assert rds_share(has_it, degrees) == pytest.approx(published)
    assert rds_weights(degrees).mean() == pytest.approx(1)
    assert np.ptp(rds_weights(degrees) * degrees) == pytest.approx(0)


def test_those_who_know_alike_count_alike() -> None:
    has_it = np.array([True, False, False, False])
    assert rds_share(has_it, np.full(4, 9.0)) == pytest.approx(0.25)


def test_a_degree_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="below 1"):
        rds_weights(np.array([3.0, 0.0]))


def test_of_nobody_nothing_is_told() -> None:
    told = rds(frame_of(PEOPLE[:1]), asked_items(VILLAGE, COLUMNS), "age", Chains(0, 0))
    assert (told.recruited, told.effective, told.items) == (0, None, ())
