"""Coverage of three firms by hand: above-scale firms only, Changzhi by its code."""

from __future__ import annotations

import pytest

from sim.catalogue.loader import catalogue
from sim.indicators import census, coverage
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
    assert census.CHANGZHI == CHANGZHI
    assert "changzhi" in str(row).lower()
