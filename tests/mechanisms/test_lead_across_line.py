"""The campaign: the largest below the line are listed once a year, helped while listed, and paid when they crossed."""

from __future__ import annotations

import numpy as np
import pytest

from sim.mechanisms.cross_line import Params as Line
from sim.mechanisms.cross_line import cross_line
from sim.mechanisms.lead_across_line import Params, lead_across_line
from tests.mechanisms.few_firms import Said, few, first, tell
from tests.mechanisms.worlds import by_uid, frozen, params, received, small_world

LINE = "scale_up_campaign"
PLAIN = {"above_scale_line": 20.0, "reach": 0.7, "list_quarters": 6.0, "growth_y": 0.05, "reported_help": 0.05}


def firms(**columns):
    usual = {"is_industrial": 1, "sales_y": [13.9, 14.0, 18.0, 19.5, 30.0], "is_above_scale": [0, 0, 0, 0, 1]}
    return few(5, **(usual | columns))


def campaign(world, places=2.0, award=0.1, million=1.0):
    world.governments.campaign_places_y[0] = places
    world.governments.campaign_award[0] = award
    if million > 0.0:
        world.accounts.appropriate(LINE, int(million * 1e6))


def lead(world, quarter=None, **changes):
    world.firms.growth_add[:] = 0.0
    world.firms.line_help[:] = 0.0
    if quarter is not None:
        world.calendar.quarter = quarter
    lead_across_line(world, params(Params, **(PLAIN | changes)), Said())


def test_without_places_nothing_changes():
    world = firms()
    before = frozen(world)
    lead_across_line(world, params(Params), None)
    assert frozen(world) == before


def test_the_largest_within_reach_are_listed_and_helped():
    world = firms()
    campaign(world)
    lead(world)
    assert first(world.firms, "campaign_quarters") == [0, 0, 6, 6, 0]
    assert first(world.firms, "growth_add") == [0.0, 0.0, 0.05, 0.05, 0.0]
    assert first(world.firms, "line_help") == [0.0, 0.0, 0.05, 0.05, 0.0]


def test_more_places_than_firms_near_the_line_list_no_more():
    world = firms(is_industrial=[1, 1, 1, 0, 1])
    campaign(world, places=100.0)
    lead(world)
    assert first(world.firms, "campaign_quarters") == [0, 6, 6, 0, 0]


def test_the_list_is_drawn_up_once_a_year_and_firms_leave_it_in_time():
    world = firms()
    campaign(world, places=1.0)
    for quarter in range(4):
        lead(world, quarter)
    assert first(world.firms, "campaign_quarters") == [0, 0, 0, 3, 0]
    lead(world, 4)
    assert first(world.firms, "campaign_quarters") == [0, 0, 6, 2, 0]
    world.governments.campaign_places_y[0] = 0.0
    for quarter in range(5, 12):
        lead(world, quarter)
    assert first(world.firms, "campaign_quarters") == [0] * 5
    assert first(world.firms, "growth_add") == [0.0] * 5


def test_help_in_reporting_carries_those_very_near_across_and_others_not():
    world = firms()
    campaign(world)
    lead(world, 3)
    cross_line(world, params(Line, above_scale_line=20.0, band=0.15), Said())
    assert first(world.firms, "is_above_scale") == [0, 0, 0, 1, 1]


def test_those_who_crossed_are_paid_once_the_largest_first_and_leave_the_list():
    world = firms(campaign_quarters=[0, 0, 1, 1, 1], is_above_scale=[0, 0, 1, 1, 1])
    world.notes["campaign_year"] = 2014
    campaign(world, places=0.0, million=0.25)
    lead(world)
    assert world.firms.received_yuan[:5].sum(axis=1).tolist() == [0, 0, 0, 100_000, 100_000]
    assert first(world.firms, "campaign_quarters") == [0] * 5
    lead(world)
    assert received(world, LINE) == 200_000 == world.accounts.disbursed_q[world.accounts.number(LINE)]


def test_who_fell_back_and_crosses_again_has_no_second_award():
    world = firms()
    campaign(world, places=0.0)
    world.notes["campaign_year"] = 2014
    for _ in range(2):
        tell(world.firms, campaign_quarters=[0, 0, 0, 3, 0], is_above_scale=[0, 0, 0, 1, 1])
        lead(world)
        tell(world.firms, is_above_scale=[0, 0, 0, 0, 1])
    assert received(world, LINE) == 100_000


@pytest.mark.parametrize(("award", "million"), [(0.0, 1.0), (0.1, 0.0)])
def test_no_award_without_money_or_amount(award, million):
    world = firms(campaign_quarters=2, is_above_scale=1)
    campaign(world, 2.0, award, million)
    lead(world)
    assert received(world, LINE) == 0
    assert first(world.firms, "campaign_quarters") == [0] * 5


def test_rows_do_not_matter():
    worlds = [small_world(), small_world(order=np.random.default_rng(3).permutation(200))]
    for world in worlds:
        world.firms.is_industrial[:] = 1
        world.firms.sales_y[world.firms.is_above_scale == 0] = 15.0  # ties everywhere
        campaign(world, places=7.0)
        lead(world)
    found = [by_uid(world.firms, "campaign_quarters") for world in worlds]
    assert (found[0] > 0).sum() == 7
    assert np.array_equal(*found)
