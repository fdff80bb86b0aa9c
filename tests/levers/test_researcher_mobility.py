"""The mobility lever writes its three shares and no budget."""

from __future__ import annotations

import pytest

from sim.catalogue.loader import catalogue
from sim.levers.researcher_mobility import ResearcherMobility
from tests.mechanisms.worlds import frozen, small_world

TERMS = tuple(name for name in catalogue().levers["researcher_mobility"].acts_on if not name.startswith("budget:"))


@pytest.mark.parametrize("doses", [(0.0, 0.0, 0.0)])
def test_zero_main_doses_write_nothing(doses):
    world = small_world()
    before = frozen(world)
    ResearcherMobility(*doses).apply(world)
    assert frozen(world) == before
    assert not world.accounts.available.any()


def test_it_writes_what_its_row_says_and_costs_no_budget():
    world = small_world()
    before = frozen(world, but=TERMS)
    ResearcherMobility(*(0.01, 0.1, 0.5)).apply(world)
    assert frozen(world, but=TERMS) == before
    assert [float(world.governments[name][0]) for name in ("leave_share", "part_time_share", "inventor_share")] == [
        0.01,
        0.1,
        0.5,
    ]
    assert not world.accounts.available.any()


@pytest.mark.parametrize("dose", range(3))
def test_each_dose_stands_alone(dose):
    world = small_world()
    doses = [0.0] * 3
    doses[dose] = 0.5
    ResearcherMobility(*doses).apply(world)
    assert [float(world.governments[name][0]) for name in ("leave_share", "part_time_share", "inventor_share")] == doses
