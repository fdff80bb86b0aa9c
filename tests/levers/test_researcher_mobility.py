"""The mobility lever writes its three shares and no budget."""

from __future__ import annotations

import pytest

from sim.levers.researcher_mobility import ResearcherMobility
from tests.levers.contract import RELATIONS, Case
from tests.mechanisms.worlds import small_world

CASE = Case(
    lever="researcher_mobility",
    doses={"leave_share": 0.01, "part_time_share": 0.1, "inventor_share": 0.5},
    writes={"government.leave_share": 0.01, "government.part_time_share": 0.1, "government.inventor_share": 0.5},
)


@pytest.mark.parametrize("relation", RELATIONS)
def test_contract(relation):
    relation(CASE)


@pytest.mark.parametrize("dose", range(3))
def test_each_dose_stands_alone(dose):
    world = small_world()
    doses = [0.0] * 3
    doses[dose] = 0.5
    ResearcherMobility(*doses).apply(world)
    assert [float(world.governments[name][0]) for name in ("leave_share", "part_time_share", "inventor_share")] == doses
