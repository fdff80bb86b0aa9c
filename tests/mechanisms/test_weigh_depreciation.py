"""Early depreciation: the user cost by statute and by hand, who gains, and that nothing happens without the term."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.firm import CERTIFIED, LARGE, SMALL
from sim.mechanisms.weigh_depreciation import Params, present_value, weigh_depreciation
from tests.mechanisms.few_firms import Said, few, first
from tests.mechanisms.worlds import frozen, next_quarter, params

FIRM = {"size_class": LARGE, "margin": 0.05, "accelerated_depreciation": 1.0}


def weigh(n=1, changes=(), **columns):
    world = few(n, **(FIRM | columns))
    weigh_depreciation(world, params(Params, **dict(changes)), Said())
    return world


def test_a_deduction_in_equal_parts_is_worth_less_the_longer_it_takes():
    assert present_value(1, 0.06) == 1.0
    assert present_value(2, 0.25) == pytest.approx(0.9)
    assert present_value(10, 0.06) < present_value(3, 0.06) < 1.0
    assert present_value(10, 0.0) == pytest.approx(1.0)


def test_the_user_cost_is_that_of_the_statute():
    # a tenth of R&D is equipment with z = 0.9: 0.01 of deduction is lost by waiting
    plain = {"equipment_share": 0.1, "life": 2, "discount_y": 0.25}
    firms = weigh(3, plain, hnte_stage=[0, CERTIFIED, 0], tax_cut=[0.1, 0.1, 0.1], deduction_rate=[0.0, 0.0, 0.5]).firms
    wanted = [(1 - t * (1 + d)) / (1 - t * (1 + d) * 0.99) for t, d in ((0.25, 0.0), (0.15, 0.0), (0.25, 0.5))]
    assert first(firms, "cost_factor") == pytest.approx(wanted)
    assert first(firms, "deferred_tax_share") == pytest.approx([0.25 * 0.01 / 4, 0.15 * 0.01 / 4, 0.375 * 0.01 / 4])


def test_half_the_dose_lowers_the_cost_by_half_as_much():
    half, whole = first(weigh(2, accelerated_depreciation=[0.5, 1.0]).firms, "cost_factor")
    assert 1.0 - half == pytest.approx((1.0 - whole) / 2)


def test_loss_makers_and_small_firms_that_do_not_claim_gain_nothing():
    found = weigh(4, margin=[-0.01, 0.0, 0.05, 0.05], size_class=[LARGE, LARGE, SMALL, SMALL],
                  claim_rank=[0.0, 0.0, 0.99, 0.1]).firms  # fmt: skip
    assert (np.array(first(found, "cost_factor")) < 1.0).tolist() == [False, False, False, True]


def test_without_the_term_nothing_changes_bit_for_bit():
    world = few(3, **(FIRM | {"accelerated_depreciation": 0.0}))
    before = frozen(world)
    weigh_depreciation(world, params(Params), Said())
    assert frozen(world) == before


def test_the_year_s_share_is_the_mean_of_its_quarters_and_starts_anew():
    world = weigh()
    one = world.firms.deferred_tax_share[0]
    for _ in range(3):
        next_quarter(world)
        world.firms.accelerated_depreciation[:] = 1.0
        weigh_depreciation(world, params(Params), Said())
    assert world.firms.deferred_tax_share[0] == pytest.approx(4 * one)
    next_quarter(world)
    world.firms.accelerated_depreciation[:] = 1.0
    weigh_depreciation(world, params(Params), Said())
    assert world.firms.deferred_tax_share[0] == pytest.approx(one)
