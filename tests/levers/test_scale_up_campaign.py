"""The campaign writes places and award and its line; nothing without places, no award without money."""

from __future__ import annotations

import pytest

from sim.levers.scale_up_campaign import ScaleUpCampaign
from tests.levers.contract import RELATIONS, Case
from tests.mechanisms.worlds import small_world

CASE = Case(
    lever="scale_up_campaign",
    doses={"places_y": 150.0, "award": 0.1, "budget_y": 8.0},
    writes={"government.campaign_places_y": 150.0, "government.campaign_award": 0.1},
    budget_y=8.0,
    neutral=[{"places_y": 0.0}],
)


@pytest.mark.parametrize("relation", RELATIONS)
def test_contract(relation):
    relation(CASE)


@pytest.mark.parametrize(("award", "budget"), [(0.0, 8.0), (0.1, 0.0)])
def test_no_award_without_money_and_no_money_without_award(award, budget):
    world = small_world()
    ScaleUpCampaign(150.0, award, budget).apply(world)
    assert world.governments.campaign_places_y[0] == 150.0
    assert world.governments.campaign_award[0] == 0.0
    assert not world.accounts.available.any()
