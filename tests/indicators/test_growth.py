"""The contribution rate by hand, over a window, and inside its limits."""

from __future__ import annotations

import numpy as np
import pytest

from sim.catalogue.loader import catalogue
from sim.indicators.census import take_census
from sim.indicators.growth import WINDOW_QUARTERS, st_contribution_rate
from tests.indicators.three_firms import three_firms


def rates(knowledge, gdp, deflator=1.0):
    """Rates of the quarters for paths of a factor on knowledge and on GDP."""
    world, found = three_firms(), []
    for quarter, (k, g) in enumerate(zip(knowledge, gdp, strict=True)):
        world.calendar.quarter = quarter
        world.firms.knowledge[:3] = np.array([50.0, 10.0, 6.0]) * k
        world.exogenous["gdp_revised"] = 10_000.0 * g
        world.indices["deflator"] = np.array([deflator])
        take_census(world)
        found.append(st_contribution_rate(world))
        assert st_contribution_rate(world) == found[-1], "asking twice changes nothing"
    return found


def test_by_hand():
    elasticity, other = (
        catalogue().parameter(f"growth.{n}").value for n in ("knowledge_elasticity", "other_progress_y")
    )
    found = rates([1.0, 1, 1, 1, np.exp(0.2)], [1.0, 1, 1, 1, np.exp(0.1)])
    assert found[0] == 0.0, "nothing has grown yet"
    assert found[4] == pytest.approx(100 * (elasticity * 0.2 + other) / 0.1, rel=1e-4)


def test_the_window_forgets_what_was_before_it():
    quarters = WINDOW_QUARTERS + 3
    steady = np.exp(0.02 * np.arange(quarters))
    jump = np.where(np.arange(quarters) >= 2, 5.0, 1.0)
    later = np.where(np.arange(quarters) >= 3, 5.0, 1.0)
    assert rates(steady * jump, steady)[-1] == pytest.approx(rates(steady, steady)[-1])
    assert rates(steady * later, steady)[-1] > rates(steady, steady)[-1] + 1.0
    assert rates(steady * jump, steady)[5] > rates(steady, steady)[5]


def test_it_stays_within_its_limits():
    assert rates([1.0, 1e9], [1.0, 1.01])[1] == 100.0
    assert rates([1.0, 1e-9], [1.0, 1.01])[1] == 0.0
    assert rates([1.0, 1.0], [1.0, 0.9])[1] == 100.0
