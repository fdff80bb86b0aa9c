"""The instrument lever writes coverage and its line; nothing without coverage."""

from __future__ import annotations

import pytest

from sim.levers.instrument_sharing import InstrumentSharing
from tests.levers.contract import RELATIONS, Case
from tests.mechanisms.worlds import small_world

CASE = Case(
    lever="instrument_sharing",
    doses={"coverage": 0.5, "budget_y": 20.0},
    writes={"government.instrument_coverage": 0.5},
    budget_y=20.0,
    neutral=[{"coverage": 0.0}],
)


@pytest.mark.parametrize("relation", RELATIONS)
def test_contract(relation):
    relation(CASE)


def test_coverage_without_money_is_a_rule_alone():
    world = small_world()
    InstrumentSharing(0.5, 0.0).apply(world)
    assert world.governments.instrument_coverage[0] == 0.5
    assert not world.accounts.available.any()
