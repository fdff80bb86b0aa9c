"""Certificates' indicators of three firms by hand."""

from __future__ import annotations

import pytest

from sim.catalogue.loader import catalogue
from sim.indicators import certificates
from sim.indicators.census import take_census
from tests.indicators.three_firms import three_firms


@pytest.mark.parametrize(
    ("name", "value"),
    [("hnte_stock", 2), ("hnte_approvals_in_year", 2), ("hnte_new_certificates", 1),
     ("hnte_meeting_threshold", 1), ("tech_sme_stock", 1),
     ("hnte_sales", 0.26)],
)  # fmt: skip
@pytest.mark.parametrize("scale", [1, 8])
def test_by_hand(name, value, scale):
    world = three_firms()
    take_census(world)
    world.scale = scale
    assert getattr(certificates, name)(world) == pytest.approx(value * scale)


def test_high_tech_value_added_is_a_share_of_the_sales_of_its_makers():
    world = three_firms()
    take_census(world)
    share = catalogue().parameter("certificates.value_added_share").value
    assert certificates.hightech_value_added(world) == pytest.approx(0.25 * share)
