"""The pool lever writes places and award and its line; nothing without places, no award without money."""

from __future__ import annotations

import pytest

from sim.levers.hnte_pool import HntePool
from tests.levers.contract import RELATIONS, Case
from tests.mechanisms.worlds import small_world

CASE = Case(
    lever="hnte_pool",
    doses={"places_y": 100.0, "award": 0.2, "budget_y": 20.0},
    writes={"government.pool_places_y": 100.0, "government.certificate_award": 0.2},
    budget_y=20.0,
    neutral=[{"places_y": 0.0}],
    line="hnte_award",
)


@pytest.mark.parametrize("relation", RELATIONS)
def test_contract(relation):
    relation(CASE)


@pytest.mark.parametrize(("award", "budget"), [(0.0, 20.0), (0.2, 0.0)])
def test_no_award_without_money_and_no_money_without_award(award, budget):
    world = small_world()
    HntePool(100.0, award, budget).apply(world)
    assert world.governments.pool_places_y[0] == 100.0
    assert world.governments.certificate_award[0] == 0.0
    assert not world.accounts.available.any()
