"""Concentration of support: Gini and top shares by hand, and a year's recipients added up over its quarters."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.indicators import concentration
from sim.indicators.census import take_census
from sim.indicators.concentration import gini_of, top_share
from tests.indicators.three_firms import three_firms


@pytest.mark.parametrize(
    ("yuan", "expected"),
    [([5, 5, 5], 0.0), ([0, 0, 0, 1], 0.75), ([1, 3], 0.25), ([3, 1], 0.25), ([10**12, 3 * 10**12], 0.25)],
)
def test_gini_by_hand(yuan, expected):
    assert gini_of(yuan) == expected


def test_gini_is_half_the_mean_difference_over_the_mean_and_does_not_see_copies():
    yuan = np.random.default_rng(3).integers(0, 10**9, 200)
    pairs = np.abs(yuan[:, None] - yuan[None, :]).mean() / (2.0 * yuan.mean())
    assert gini_of(yuan.tolist()) == pytest.approx(pairs)
    assert gini_of(np.repeat(yuan, 8).tolist()) == pytest.approx(pairs)  # one agent may stand for eight firms


def test_nothing_has_no_concentration():
    assert math.isnan(gini_of([]))
    assert math.isnan(gini_of([0, 0]))
    assert math.isnan(top_share([0], 1.0))


@pytest.mark.parametrize(("agents", "share"), [(1.0, 60.0), (1.5, 75.0), (0.5, 30.0), (2.0, 90.0), (20.0, 100.0)])
def test_the_last_of_the_largest_counts_in_part(agents, share):
    assert top_share([10, 60, 30], agents) == pytest.approx(share)


def year_of_three_firms():
    """Firm 1 gets 250,000 yuan in each of two quarters, firm 3 500,000 in the first; then firm 3 leaves."""
    world = three_firms()
    for quarter in (0, 1):
        world.calendar.quarter = quarter
        take_census(world)
        world.firms.alive[2] = 0
    return world


@pytest.mark.parametrize("scale", [1, 8])
def test_a_year_by_hand(scale):
    world = year_of_three_firms()
    world.scale = scale
    assert concentration.firms_supported(world) == 2 * scale
    assert concentration.support_gini_recipients(world) == 0.0
    assert concentration.support_gini_performers(world) == 0.5  # firms 1 and 2 do R&D, firm 1 has it all
    assert concentration.support_top_tenth_share(world) == pytest.approx(10.0)
    assert concentration.support_top_20_share(world) == 100.0
    take_census(world)
    assert concentration.firm_support(world) == pytest.approx(0.0025 * scale)
    assert concentration.firm_support_small_medium(world) == 0.0  # firm 1 is large and belongs to the province
    assert concentration.firm_support_private(world) == 0.0


def test_recipients_of_a_year_are_added_up_anew_after_each_census():
    world = three_firms()
    for quarter, alive, recipients in ((0, 0, 1), (1, 1, 2), (4, 0, 1)):
        world.calendar.quarter, world.firms.alive[2] = quarter, alive
        take_census(world)
        assert concentration.firms_supported(world) == concentration.firms_supported(world) == recipients


def test_twenty_firms_are_few_agents_where_each_stands_for_many():
    world = year_of_three_firms()
    world.scale = 40
    assert concentration.support_top_20_share(world) == pytest.approx(25.0)


def test_support_of_small_and_private_firms_by_hand():
    world = three_firms()
    take_census(world)
    assert concentration.firm_support(world) == pytest.approx(0.0075)
    assert concentration.firm_support_small_medium(world) == pytest.approx(0.005)
    assert concentration.firm_support_private(world) == pytest.approx(0.005)
