"""The price of R&D: demand over supply to a power, once; staff by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sim.mechanisms.price_talent import Params, price_talent
from tests.mechanisms.few_firms import Said, few, first, tell
from tests.mechanisms.worlds import params

PLAIN = {"capture": 0.5, "supply_growth_y": 0.0, "cost_growth_y": 0.0, "cost_catch_up": 0.0, "catch_up_years": 1.0,
         "cost_large_2010": 0.4, "cost_other_2010": 0.2}  # fmt: skip


def price(rd=(30.0, 10.0), public=0.0, start=40.0, deflator=100.0, changes=(), quarter=0, **columns):
    world = few(len(rd), rd_actual_q=list(rd), rd_reported_q=list(rd), **columns)
    tell(world.universities, rd_q=np.r_[public, np.zeros(5)])
    world.notes["rd_2010_q"] = start
    world.exogenous |= {"gdp_deflator": deflator, "gdp_deflator_2010": 100.0}
    world.calendar.quarter = quarter
    price_talent(world, params(Params, **(PLAIN | dict(changes))), Said())
    return world


def level(world):
    return float(world.indices["price"][0])


def test_demand_of_2010_at_its_supply_has_the_price_one():
    world = price()
    assert level(world) == pytest.approx(1.0)
    assert first(world.firms, "rd_staff") == pytest.approx([600.0, 200.0])


def test_four_times_the_demand_doubles_the_price_at_a_capture_of_a_half():
    world = price((120.0, 40.0))
    assert level(world) == pytest.approx(2.0)
    assert first(world.firms, "rd_staff") == pytest.approx([1200.0, 400.0]), "half of the money goes into the price"


def test_public_research_is_demand_too_and_has_staff():
    world = price(public=120.0)
    assert level(world) == pytest.approx(2.0)
    assert world.universities.rd_staff[0] == pytest.approx(1200.0)


def test_large_industry_pays_more_for_a_person():
    columns = {"size_class": [3, 2, 1, 3], "is_above_scale": [1, 1, 1, 0]}
    world = price((10.0, 10.0, 10.0, 10.0), **columns)
    assert first(world.firms, "rd_staff") == pytest.approx([100.0, 100.0, 200.0, 200.0])


def test_general_inflation_is_no_demand():
    world = price((60.0, 20.0), deflator=200.0)
    assert level(world) == pytest.approx(1.0)
    assert world.indices["deflator"][0] == pytest.approx(2.0)
    assert world.firms.rd_staff[0] == pytest.approx(600.0)


def test_supply_growth_and_new_talent_lower_the_price():
    assert level(price(quarter=2, changes={"supply_growth_y": 0.8})) == pytest.approx(np.exp(-0.8 * 0.625 / 2))
    # 800 persons at 0.2 a year are 40 a quarter: as much again as all supply of 2010
    assert level(price(talent=[600.0, 200.0])) == pytest.approx(0.5**0.5)


def test_talent_of_public_bodies_and_trained_staff_are_supply_too():
    world = price()
    tell(world.universities, talent=[300.0])
    tell(world.institutes, talent=[100.0])
    world.indices["trained_staff"] = np.array([400.0])
    price_talent(world, params(Params, **PLAIN), Said())
    assert level(world) == pytest.approx(0.5**0.5)


def test_without_capture_the_price_stays_and_without_demand_it_is_not_undefined():
    assert level(price((4000.0, 0.0), changes={"capture": 0.0})) == 1.0
    assert 0.0 < level(price((0.0, 0.0))) < 1e-4


def test_the_cost_of_a_person_grows_and_catches_up_once():
    world = price(quarter=3, changes={"cost_growth_y": 0.1, "cost_catch_up": 0.2, "catch_up_years": 0.5})
    cost = 0.2 * np.exp(0.1 * 0.875) * (1 + 0.2 * (1 - np.exp(-0.875 / 0.5)))
    assert world.firms.rd_staff[0] == pytest.approx(4 * 30.0 / cost)
    assert level(world) == pytest.approx(1.0)


def test_staff_follows_what_is_reported_and_the_price_what_is_done():
    world = price()
    world.firms.rd_reported_q[:2] = [45.0, 0.0]
    price_talent(world, params(Params, **PLAIN), Said())
    assert level(world) == pytest.approx(1.0)
    assert first(world.firms, "rd_staff") == pytest.approx([900.0, 0.0])


def test_the_base_is_that_of_the_start():
    world = price()
    world.notes["rd_2010_q"] = 7.0
    price_talent(world, params(Params, **PLAIN), Said())
    assert level(world) == pytest.approx(1.0)


@pytest.mark.parametrize("capture", [0.2, 0.58])
def test_the_price_rises_with_demand(capture):
    levels = [level(price((d, 0.0), changes={"capture": capture})) for d in (10.0, 40.0, 80.0, 300.0)]
    assert (np.diff(levels) > 0).all()
