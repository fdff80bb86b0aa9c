"""Profit: margins sum to the province's, cash and arrears move by hand, services follow their own margin."""

from __future__ import annotations

import numpy as np
import pytest

from sim.mechanisms.earn_profit import Params, earn_profit
from tests.mechanisms.few_firms import Said, few
from tests.mechanisms.worlds import params, small_world

PLAIN = {"coal_pass": 0.1, "hurdle_heavy": 0.06, "hurdle_other": 0.02, "cash_pass": 0.5, "cash_cap": 0.5,
         "cash_reversion": 0.0, "margin_light": 0.05, "margin_services": 0.08, "arrears_share": 0.3,
         "arrears_interest_y": 0.0}  # fmt: skip


def earn(world, **changes):
    earn_profit(world, params(Params, **(PLAIN | changes)), Said())
    return world.firms


def three(**changes):
    """A heavy, a light and a small firm."""
    columns = {
        "is_above_scale": [1, 1, 0],
        "sector": [3, 4, 0],
        "sales_y": [400.0, 200.0, 10.0],
        "cash": [8.0, 8.0, 0.5],
    }
    return few(3, **(columns | changes))


def test_margins_by_hand():
    world = three()
    firms = earn(world)
    # 6 % of 600 is 36; light industry earns 10, so heavy industry 26 of 400; the small firm counts as other
    assert firms.margin[:3] == pytest.approx([0.065, 0.05, 0.08])
    assert firms.sales_year[:3] == pytest.approx([100.0, 50.0, 2.5])
    assert firms.profit_year[:3] == pytest.approx([6.5, 2.5, 0.2])


def test_margins_of_above_scale_firms_sum_to_the_observed_one_whatever_their_offsets():
    world = small_world()
    world.firms.margin_offset[:200] = np.random.default_rng(1).normal(0, 0.05, 200)
    world.exogenous = three().exogenous | {"ind_profit_margin": 4.2}
    firms = earn(world)
    above = (firms.alive == 1) & (firms.is_above_scale == 1)
    total = (firms.margin * firms.sales_y)[above].sum() / firms.sales_y[above].sum()
    assert total == pytest.approx(0.042, abs=1e-6)
    other = (firms.alive == 1) & ~above
    services = (firms.margin * firms.sales_y)[other].sum() / firms.sales_y[other].sum()
    assert services == pytest.approx(0.08, abs=1e-6)


def test_an_offset_lasts():
    firms = earn(three(margin_offset=[0.0, 0.0, 0.03], sector=[3, 4, 0]))
    alone = earn(few(4, sector=[3, 4, 0, 0], is_above_scale=[1, 1, 0, 0], sales_y=[400.0, 200.0, 10.0, 10.0],
                     margin_offset=[0.0, 0.0, 0.03, -0.03]))  # fmt: skip
    assert firms.margin[2] == pytest.approx(0.08), "a firm alone is the mean of its group"
    assert alone.margin[2] - alone.margin[3] == pytest.approx(0.06)


def test_the_coal_price_moves_heavy_margins_only_beyond_its_observed_path():
    world = three()
    world.exogenous |= {"coal_price": 600.0 * np.e, "coal_price_observed": 600.0}
    assert earn(world).margin[:3] == pytest.approx([0.165, 0.05, 0.08])
    world.exogenous["coal_price_observed"] = 600.0 * np.e
    assert earn(world).margin[0] == pytest.approx(0.065)


def test_cash_by_hand():
    firms = earn(three())
    # half of (margin - hurdle) x quarter's sales: 0.5 x 0.005 x 100, 0.5 x 0.03 x 50, 0.5 x 0.06 x 2.5
    assert firms.cash[:3] == pytest.approx([8.25, 8.75, 0.575])
    assert not firms.debt_overhang[:3].any()


def test_arrears_are_served_before_cash_refills():
    firms = earn(three(debt_overhang=[0.1, 2.0, 0.0]))
    assert firms.debt_overhang[:3] == pytest.approx([0.0, 1.25, 0.0])
    assert firms.cash[:2] == pytest.approx([8.15, 8.0])


def test_arrears_bear_interest_before_they_are_served():
    firms = earn(three(debt_overhang=[10.0, 0.0, 0.0], sales_y=[400.0, 200.0, 10.0]), arrears_interest_y=0.08)
    # 0.08 a year is 0.02 a quarter; the surplus of the quarter is 0.25
    assert firms.debt_overhang[:3] == pytest.approx([10.2 - 0.25, 0.0, 0.0])
    assert firms.cash[0] == 8.0


def test_a_shortfall_beyond_the_buffer_becomes_arrears():
    world = three(cash=[0.0, 8.0, 0.5])
    world.exogenous["ind_profit_margin"] = -10.0  # heavy: (-60 - 10) / 400 = -0.175
    firms = earn(world)
    assert firms.margin[0] == pytest.approx(-0.175)
    assert firms.cash[0] == 0.0
    assert firms.debt_overhang[0] == pytest.approx(0.3 * 0.5 * 0.235 * 100)
    assert firms.profit_year[0] == pytest.approx(-17.5)


def test_cash_is_capped_and_returns_to_normal():
    assert earn(three(cash=[900.0, 900.0, 900.0])).cash[:3] == pytest.approx([200.0, 100.0, 5.0])
    firms = earn(three(cash=[0.0, 30.0, 1.0]), cash_pass=0.0, cash_reversion=0.1, normal_cash=0.05)
    assert firms.cash[:3] == pytest.approx([2.0, 28.0, 0.95])


def test_the_dead_earn_nothing_and_no_firm_at_all_is_no_fault():
    world = three()
    world.firms.alive[1] = 0
    assert earn(world).sales_year[1] == 0.0
    world.firms.alive[:] = 0
    earn(world)
    assert np.isfinite(world.firms.margin).all()
