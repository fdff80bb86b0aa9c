"""Patents' indicators of three firms by hand; all owners are in the stock."""

from __future__ import annotations

import pytest

from sim.indicators import patents
from sim.indicators.census import take_census
from tests.indicators.three_firms import three_firms


@pytest.mark.parametrize(
    ("name", "value"),
    [("patent_applications_invention", 26), ("patents_granted_invention", 9), ("patents_valid_invention", 9 + 15 + 2),
     ("zone_patent_applications", 3), ("firm_patent_applications", 9), ("firm_patents_granted", 3),
     ("firm_patents_valid", 9), ("public_patent_applications", 15), ("public_patents_granted", 5),
     ("public_patents_valid", 15)],
)  # fmt: skip
@pytest.mark.parametrize("scale", [1, 8])
def test_by_hand(name, value, scale):
    world = three_firms()
    take_census(world)
    world.scale = scale
    assert getattr(patents, name)(world) == value * scale


def test_population_is_the_driver():
    assert patents.population(three_firms()) == 3600.0
