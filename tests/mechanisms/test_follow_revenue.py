"""Sales follow their path: groups meet their sums exactly, firms keep their places in them, no year is known ahead."""

from __future__ import annotations

import numpy as np
import pytest

from sim.mechanisms.follow_revenue import Params, follow_revenue
from tests.mechanisms.few_firms import Said, few, first
from tests.mechanisms.worlds import params, small_world

PLAIN = {"light_gdp_elasticity": 1.0, "small_gdp_elasticity": 1.0, "small_from": 3.0, "medium_from": 80.0,
         "large_from": 400.0}  # fmt: skip


def path(revenue=10.0, before=10.0, gdp=12.0, gdp_2010=12.0):
    return {"ind_revenue": revenue, "ind_revenue_2010": before, "gdp_revised": gdp, "gdp_revised_2010": gdp_2010}


def follow(world, light=0.25, **changes):
    world.notes["light_share_2010"] = light
    follow_revenue(world, params(Params, **(PLAIN | changes)), Said())
    return world.firms


def four(**drivers):
    """Two heavy firms, a light and a small one."""
    world = few(4, sector=[0, 3, 4, 0], is_above_scale=[1, 1, 1, 0], sales_y=[300.0, 100.0, 50.0, 10.0])
    world.exogenous = path(**drivers)
    return world


def test_by_hand():
    firms = follow(four(revenue=12.0, gdp=15.0))
    # light: 1000 x 0.25 x 15/12 = 312.5; heavy: 1200 - 312.5 = 887.5, three to one; small firms follow GDP
    assert first(firms, "sales_y") == pytest.approx([665.625, 221.875, 312.5, 12.5])
    assert first(firms, "size_class") == [3, 2, 2, 1]


def test_the_small_follow_the_growth_of_gdp_since_the_last_quarter():
    world = four(gdp=15.0)
    follow(world)
    world.exogenous = path(gdp=18.0)
    assert follow(world).sales_y[3] == pytest.approx(15.0)
    assert follow(world).sales_y[3] == pytest.approx(15.0), "the same quarter again adds nothing"


def test_elasticities_count():
    firms = follow(four(gdp=24.0), light_gdp_elasticity=0.5, small_gdp_elasticity=2.0)
    assert firms.sales_y[2] == pytest.approx(250 * 2**0.5)
    assert firms.sales_y[3] == pytest.approx(40.0)


def test_heavy_industry_keeps_a_tenth():
    firms = follow(four(revenue=1.0))
    assert firms.sales_y[:3].sum() == pytest.approx(100.0)
    assert firms.sales_y[2] == pytest.approx(90.0)


def test_revenue_is_met_in_any_world_and_at_any_scale():
    for scale in (1, 8):
        world = small_world()
        world.scale = scale
        world.exogenous = path(revenue=123.4)
        firms = follow(world)
        above = (firms.alive == 1) & (firms.is_above_scale == 1)
        assert firms.sales_y[above].sum() == pytest.approx(12340.0 / scale, rel=1e-6)


def test_size_classes_start_at_their_limits():
    world = few(5, sales_y=[2.999, 3.0, 80.0, 399.9, 400.0])
    world.exogenous = path()
    assert first(follow(world), "size_class") == [0, 1, 2, 2, 3]


def test_the_dead_stay_and_an_empty_group_is_no_fault():
    world = four()
    world.firms.alive[2:4] = 0
    firms = follow(world)
    assert firms.sales_y[2] == 50.0
    assert np.isfinite(firms.sales_y).all()
