"""Projects of programmes by hand: running and completed, by city, and scaled."""

from __future__ import annotations

import pytest

from sim.catalogue.loader import catalogue
from sim.indicators import projects
from sim.indicators.census import take_census
from sim.indicators.platform_counts import set_platforms
from tests.indicators.three_firms import three_firms

CODE = {row.kind: row.order for row in catalogue().programmes}
PLACED = [("key_technology", 1, 0), ("key_technology", 2, 3), ("key_technology", 2, 3), ("renovation_benchmark", 1, 0),
          ("renovation_benchmark", 2, 0), ("etc_city", 1, 0)]  # fmt: skip
BY_HAND = {"key_technologies_completed": (2, 2), "renovation_benchmarks_completed": (1, 0)}


@pytest.mark.parametrize(("name", "value", "in_changzhi"), [(k, *v) for k, v in BY_HAND.items()])
def test_by_hand_and_by_city(name, value, in_changzhi):
    world = three_firms()
    kinds, tiers, cities = zip(*PLACED, strict=True)
    world.centres.add(range(1, 7), programme=[CODE[k] for k in kinds], tier=list(tiers), city=list(cities))
    take_census(world)
    function = getattr(projects, name)
    assert function(world) == value
    set_platforms(world, by_city=True)
    assert function(world)[3] == in_changzhi
    world.scale = 8
    assert function(world)[3] == 8 * in_changzhi
    assert function(world).sum() == 8 * value
