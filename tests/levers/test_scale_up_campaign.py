"""The campaign writes places and award and its line; nothing without places, no award without money."""

from __future__ import annotations

import pytest

from sim.catalogue.loader import catalogue
from sim.levers.scale_up_campaign import ScaleUpCampaign
from tests.mechanisms.worlds import frozen, small_world

TERMS = tuple(name for name in catalogue().levers["scale_up_campaign"].acts_on if not name.startswith("budget:"))


@pytest.mark.parametrize("doses", [(0.0, 0.1, 8.0), (0.0, 0.0, 0.0)])
def test_zero_main_doses_write_nothing(doses):
    world = small_world()
    before = frozen(world)
    ScaleUpCampaign(*doses).apply(world)
    assert frozen(world) == before
    assert not world.accounts.available.any()


@pytest.mark.parametrize(("start", "yuan"), [("2014Q1", 8_000_000), ("2014Q3", 4_000_000)])
def test_it_writes_what_its_row_says_and_appropriates_once_pro_rata(start, yuan):
    world = small_world(start)
    before = frozen(world, but=TERMS)
    for _ in range(2):
        ScaleUpCampaign(*(150.0, 0.1, 8.0)).apply(world)
    assert frozen(world, but=TERMS) == before
    assert [float(world.governments[name][0]) for name in ("campaign_places_y", "campaign_award")] == [150.0, 0.1]
    assert world.accounts.left("scale_up_campaign") == yuan == world.accounts.available.sum()


def test_a_scaled_run_has_its_part_of_the_money_and_the_same_terms():
    world = small_world()
    world.scale = 8
    ScaleUpCampaign(*(150.0, 0.1, 8.0)).apply(world)
    assert world.accounts.left("scale_up_campaign") == 1_000_000
    assert [float(world.governments[name][0]) for name in ("campaign_places_y", "campaign_award")] == [150.0, 0.1]


@pytest.mark.parametrize(("award", "budget"), [(0.0, 8.0), (0.1, 0.0)])
def test_no_award_without_money_and_no_money_without_award(award, budget):
    world = small_world()
    ScaleUpCampaign(150.0, award, budget).apply(world)
    assert world.governments.campaign_places_y[0] == 150.0
    assert world.governments.campaign_award[0] == 0.0
    assert not world.accounts.available.any()
