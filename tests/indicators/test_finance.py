"""Indicators of venture capital, listing and new firms by hand."""

from __future__ import annotations

import pytest

from sim.core.fixed_point import ONE
from sim.indicators import finance
from tests.indicators.three_firms import three_firms


@pytest.mark.parametrize(
    ("name", "value"), [("venture_deals", 3), ("venture_private", 0.25), ("listed_firms", 2), ("young_firms", 1)]
)
@pytest.mark.parametrize("scale", [1, 8])
def test_by_hand(name, value, scale):
    world = three_firms()
    world.scale = scale
    world.flows |= {"venture_deals": 3 * ONE, "venture_private": 25 * ONE}
    world.firms.is_listed[:4] = [1, 0, 1, 1]  # the fourth place is empty
    world.firms.age_q[:4] = [3, 40, 11, 2]  # the first is above scale
    assert getattr(finance, name)(world) == pytest.approx(value * scale)


def test_without_a_programme_there_are_no_deals():
    world = three_firms()
    assert finance.venture_deals(world) == finance.venture_private(world) == 0.0
