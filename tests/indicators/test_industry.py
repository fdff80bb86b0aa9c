"""Industry's indicators of three firms by hand: only the two above scale count."""

from __future__ import annotations

import numpy as np
import pytest

from sim.catalogue.loader import catalogue
from sim.indicators import industry
from sim.indicators.census import take_census
from tests.indicators.three_firms import three_firms

BY_HAND = {
    "ind_firms_above_scale": 2, "ind_firms_with_rd": 2, "ind_firms_with_rd_institution": 1, "ind_rd_expenditure": 0.05,
    "ind_revenue_above_scale": 1.25, "ind_newproduct_sales": 0.125, "ind_valid_invention_patents": 7,
    "soe_key_firms": 1, "soe_key_rd_expenditure": 0.04, "soe_key_revenue": 1.0, "soe_key_firms_collaborating": 1,
    "soe_firms": 1,
    "soe_firms_with_rd": 1, "soe_firms_with_rd_institution": 1, "large_firms": 1, "large_firms_with_rd_institution": 1,
}  # fmt: skip


def measured():
    world = three_firms()
    take_census(world)
    return world


@pytest.mark.parametrize(("name", "value"), BY_HAND.items())
def test_by_hand(name, value):
    assert getattr(industry, name)(measured()) == pytest.approx(value)


def test_projects_are_counted_at_constant_price():
    world = measured()
    cost = catalogue().parameter("industry.project_cost").value
    assert industry.ind_rd_projects(world) == pytest.approx(5.0 / cost)
    world.indices |= {"price": np.array([1.25]), "deflator": np.array([1.6])}
    take_census(world)
    assert industry.ind_rd_projects(world) == pytest.approx(2.5 / cost)


def test_every_indicator_of_the_family_is_tested():
    rows = catalogue().indicators.values()
    assert {r.indicator for r in rows if r.family == "industry" and r.kind != "ratio"} == {*BY_HAND, "ind_rd_projects"}
