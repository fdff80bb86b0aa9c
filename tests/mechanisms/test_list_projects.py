"""Listing: the best are listed as far as the line could pay, and the promise is worth less to firms short of cash."""

from __future__ import annotations

import numpy as np
import pytest

from sim.mechanisms.list_projects import Params, list_projects
from tests.mechanisms.few_firms import Said, few, first
from tests.mechanisms.worlds import by_uid, next_quarter, params, small_world

LINE = "post_completion_grant"
PLAIN = {"apply_small": 0.5, "apply_large": 0.5, "noise": 0.0, "state_advantage": 0.0, "largest_ask": 3.0,
         "smallest_ask": 0.05, "normal_cash": 0.05, "expected_finish": 1.0, "discount": 0.9,
         "constraint_weight": 0.8}  # fmt: skip
ALL = {"completion__apply": 0.1}
FIRM = {"has_rd": 1, "rd_intended_q": 1.0, "sales_y": 80.0, "cash": 4.0}


def listing(world, budget=0, rate=0.25, pass_share=0.5, **changes):
    world.governments.completion_rate[0] = rate
    world.governments.completion_pass_share[0] = pass_share
    if budget:
        world.accounts.appropriate(LINE, budget)
    list_projects(world, params(Params, **(PLAIN | changes)), Said(**ALL))
    return world.firms


def test_the_best_are_listed_as_far_as_the_promised_part_can_be_paid():
    # each project of 4 million promises 1; half of them pass, so a line of 1.2 million lists two of three
    firms = listing(few(3, quality=[0.0, 2.0, 1.0], **FIRM), 1_200_000)
    assert first(firms, "listed_project") == [0.0, 4.0, 4.0]
    assert first(firms, "cost_factor") == pytest.approx([1.0, 1 - 0.5 * 0.9 * 0.25, 1 - 0.5 * 0.9 * 0.25])


def test_a_firm_without_cash_counts_on_less_and_a_capped_one_on_the_mean():
    firms = listing(few(3, **(FIRM | {"cash": [4.0, 0.0, 2.0]})), 10_000_000)
    full = 0.5 * 0.9 * 0.25
    assert first(firms, "cost_factor") == pytest.approx([1 - full, 1 - 0.2 * full, 1 - 0.6 * full])
    firms = listing(few(1, **(FIRM | {"rd_intended_q": 10.0})), 10_000_000)
    assert first(firms, "cost_factor") == pytest.approx([1 - 0.5 * 0.9 * 3.0 / 40.0])


def test_only_performers_that_apply_with_enough_are_listed():
    world = few(4, **(FIRM | {"has_rd": [1, 0, 1, 1], "rd_intended_q": [1.0, 1.0, 0.01, 1.0]}))
    world.firms.alive[3] = 0
    assert listing(world, 10_000_000).listed_project[:4].tolist() == [4.0, 0.0, 0.0, 0.0]


def test_beyond_all_applications_more_money_lists_nobody_else():
    listed = [np.count_nonzero(listing(few(5, **FIRM), budget).listed_project) for budget in (10**6, 10**7, 10**8)]
    assert listed == [2, 5, 5]


def test_the_promise_holds_all_year_and_lapses_with_the_lever():
    world = few(1, **FIRM)
    listing(world, 10_000_000)
    next_quarter(world)
    world.firms.cost_factor[:] = 1.0
    assert listing(world).cost_factor[0] < 1.0
    next_quarter(world)
    world.firms.cost_factor[:] = 1.0
    firms = listing(world, rate=0.0)
    assert (firms.listed_project[0], firms.cost_factor[0]) == (0.0, 1.0)


def test_no_call_after_the_first_quarter():
    assert not listing(few(2, "2014Q2", **FIRM), 10_000_000).listed_project.any()


def test_rows_decide_nothing():
    found = []
    for order in (None, np.arange(200)[::-1]):
        world = small_world(order=order)
        world.firms.rd_intended_q[:] = world.firms.rd_reported_1y / 4.0
        world.governments.completion_rate[0], world.governments.completion_pass_share[0] = 0.2, 0.7
        world.accounts.appropriate(LINE, 2_000_000)
        list_projects(world, params(Params), world.draws)
        assert 0 < np.count_nonzero(world.firms.listed_project) < 100
        found.append((by_uid(world.firms, "listed_project"), by_uid(world.firms, "cost_factor")))
    np.testing.assert_array_equal(*found)
