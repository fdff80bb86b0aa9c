"""R&D indicators of three firms by hand, in 100m yuan; who performs and who pays sum to the whole."""

from __future__ import annotations

import pytest

from sim.catalogue.loader import catalogue
from sim.indicators import rd
from sim.indicators.census import take_census
from tests.indicators.three_firms import three_firms


def measured():
    world = three_firms()
    take_census(world)
    return world


@pytest.mark.parametrize(
    ("name", "value"),
    [("rd_performed_by_firms", 0.06), ("rd_performed_by_universities", 0.02), ("rd_performed_by_institutes", 0.03),
     ("rd_expenditure", 0.11), ("rd_actual", 0.10), ("rd_personnel_fte", 27.5), ("gdp_revised", 3000.0),
     ("firm_rd_actual", 0.05), ("firm_rd_personnel_fte", 15.0)],
)  # fmt: skip
def test_by_hand(name, value):
    assert getattr(rd, name)(measured()) == pytest.approx(value)


def test_who_pays():
    world, number = measured(), lambda name: catalogue().parameter(f"research_public.{name}").value
    government, firms = rd.rd_exp_gov_funds(world), rd.rd_exp_firm_funds(world)
    assert government == pytest.approx(0.05 * number("government_share") + 0.0075)
    assert firms == pytest.approx(0.05 * number("firm_share") + 0.06 - 0.0075)
    other = (1 - number("government_share") - number("firm_share")) * 0.05
    assert government + firms + other == pytest.approx(rd.rd_expenditure(world))


def test_a_quarter_of_gdp_as_published():
    world = measured()
    world.exogenous["gdp_published"] = 11_000.0
    assert rd.gdp_published(world) == 2750.0


def test_scale_counts_once():
    world = measured()
    world.scale = 8
    assert rd.rd_expenditure(world) == pytest.approx(0.88)
    assert rd.rd_personnel_fte(world) == pytest.approx(220.0)
