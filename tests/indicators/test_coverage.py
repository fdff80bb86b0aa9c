"""Coverage of three firms by hand: above-scale firms only, Changzhi by its code."""

from __future__ import annotations

import pytest

from sim.catalogue.loader import catalogue
from sim.indicators import coverage, firm_counts
from sim.indicators.census import take_census
from tests.indicators.three_firms import CHANGZHI, three_firms


@pytest.mark.parametrize("scale", [1, 8])
def test_by_hand(scale):
    world = three_firms()
    take_census(world)
    world.scale = scale
    assert coverage.covered_firms(world) == 2 * scale
    assert coverage.covered_firms_changzhi(world) == scale
    assert coverage.above_scale_firms_changzhi(world) == scale
    world.firms.covered[1] = 0
    take_census(world)
    assert coverage.covered_firms_changzhi(world) == 0
    assert coverage.above_scale_firms_changzhi(world) == scale


def test_changzhi_is_changzhi():
    row = catalogue().cities[CHANGZHI]
    assert firm_counts.CHANGZHI == CHANGZHI
    assert "changzhi" in str(row).lower()


@pytest.mark.parametrize("scale", [1, 8])
def test_what_the_campaign_adds_by_hand(scale):
    world = three_firms()
    world.scale = scale
    world.firms.is_above_scale[:3], world.firms.city[:3], world.firms.county[:3] = 1, CHANGZHI, [0, 0, 5]
    world.firms.own_activity[:3], world.firms.covered[:3] = [0, 0, 1], [8, 0, 1]
    world.firms.has_helper[:3], world.firms.is_on_paper[:3], world.firms.has_rd[:3] = [1, 0, 1], [1, 0, 1], [0, 0, 1]
    take_census(world)
    assert coverage.inactive_firms_changzhi(world) == 2 * scale
    assert coverage.assisted_firms_changzhi(world) == scale
    assert coverage.covered_on_paper_changzhi(world) == scale, "what a firm shows of its own is no paper"
    assert coverage.covered_without_rd_changzhi(world) == scale
    assert coverage.covered_basic_changzhi(world) == scale
    assert coverage.counties_fully_covered_changzhi(world) == 1
    world.firms.covered[1] = 4
    take_census(world)
    assert coverage.counties_fully_covered_changzhi(world) == 2
    assert coverage.covered_basic_changzhi(world) == 2 * scale
    world.firms.city[:3] = 0
    take_census(world)
    assert coverage.counties_fully_covered_changzhi(world) == coverage.inactive_firms_changzhi(world) == 0
