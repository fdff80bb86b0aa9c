"""The market lever writes each of its four terms on its own; only intermediaries cost money."""

from __future__ import annotations

import pytest

from sim.levers.technology_market import TechnologyMarket
from tests.levers.contract import RELATIONS, Case
from tests.mechanisms.worlds import frozen, small_world

CASE = Case(
    lever="technology_market",
    doses={"budget_y": 20.0, "bodies_y": 8.0, "registration_push": 0.5, "listing_years": 2.0, "contract_relief": 0.06},
    writes={
        "government.broker_places_y": 8.0,
        "government.registration_push": 0.5,
        "government.listing_years": 2.0,
        "government.contract_relief": 0.06,
    },
    budget_y=20.0,
    neutral=[
        {"bodies_y": 0.0, "registration_push": 0.0, "listing_years": 0.0, "contract_relief": 0.0},
        {"budget_y": 0.0, "registration_push": 0.0, "listing_years": 0.0, "contract_relief": 0.0},
    ],
)


@pytest.mark.parametrize("relation", RELATIONS)
def test_contract(relation):
    relation(CASE)


@pytest.mark.parametrize(("place", "term"), [(2, "registration_push"), (3, "listing_years"), (4, "contract_relief")])
def test_rules_and_relief_need_no_budget(place, term):
    world = small_world()
    before = frozen(world, but=(f"government.{term}",))
    doses = [0.0] * 5
    doses[place] = 0.5
    TechnologyMarket(*doses).apply(world)
    assert frozen(world, but=(f"government.{term}",)) == before
    assert world.governments[term][0] == 0.5
    assert not world.accounts.available.any()
