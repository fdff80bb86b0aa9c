"""Renovation: traditional industry, awards when a year has passed, technology and growth only where additional."""

from __future__ import annotations

import numpy as np
import pytest

from sim.mechanisms.renovate_firms import COMPLETED, RUNNING, Params, renovate_firms
from tests.mechanisms.few_firms import Said, few, first
from tests.mechanisms.worlds import by_uid, next_quarter, params, received, small_world

LINE = "renovation_programme"
PLAIN = {"apply_y": 0.5, "noise": 0.0, "investment_share": 0.1, "largest_investment": 50.0, "technology_share": 0.2,
         "additional_share": 0.4, "growth": 0.02, "lead_years": 3.0}  # fmt: skip
FIRM = {"is_above_scale": 1, "sector": 3, "margin": 0.05, "sales_y": 100.0}
ALL = {"renovation__apply": 0.1, "renovation__additional": 0.1}


def run(world, budget=0, projects_y=10.0, rate=0.1, said=None, **changes):
    world.governments.renovation_projects_y[0] = projects_y
    world.governments.renovation_rate[0] = rate
    if budget:
        world.accounts.appropriate(LINE, budget)
    renovate_firms(world, params(Params, **(PLAIN | changes)), Said(**(ALL | (said or {}))))
    line = world.accounts.number(LINE)
    assert received(world, LINE) == world.accounts.disbursed_q[line]
    return world.firms.received_yuan[world.firms.rows(), line].tolist()


def quarters(world, n, **keywords):
    paid = []
    for _ in range(n):
        next_quarter(world)
        for term in ("upgrade_demand", "growth_add"):
            world.firms[term][:] = 0.0
        paid.append(run(world, projects_y=0.0, **keywords))
    return paid


def test_a_project_buys_technology_for_a_year_then_is_awarded_counted_and_lifts_growth():
    world = few(1, **FIRM)
    assert run(world, 5_000_000) == [0]
    assert world.firms.upgrade_demand[0] == pytest.approx(2.0), "a fifth of an investment of ten"
    assert world.centres.tier[world.centres.rows()].tolist() == [RUNNING]
    assert quarters(world, 3) == [[0], [0], [1_000_000]]
    assert world.centres.tier[world.centres.rows()].tolist() == [COMPLETED]
    assert world.firms.growth_add[0] == 0.0
    quarters(world, 1)
    assert (world.firms.upgrade_demand[0], world.firms.growth_add[0]) == (0.0, pytest.approx(0.02))
    quarters(world, 12)
    assert world.firms.growth_add[0] == pytest.approx(0.02 * np.exp(-1.0))


def test_what_would_have_been_done_anyway_is_awarded_and_counted_but_changes_nothing():
    world = few(1, **FIRM)
    run(world, 5_000_000, said={"renovation__additional": 0.5})
    assert world.firms.upgrade_demand[0] == 0.0
    assert quarters(world, 4)[2:] == [[1_000_000], [0]]
    assert world.firms.growth_add[0] == 0.0
    assert world.centres.tier[world.centres.rows()].tolist() == [COMPLETED]


def test_only_profitable_traditional_industry_above_scale_may_apply():
    changes = {"is_above_scale": [1, 0, 1, 1], "sector": [0, 0, 4, 0], "margin": [0.1, 0.1, 0.1, -0.1]}
    world = few(4, **(FIRM | changes))
    run(world, 50_000_000)
    assert first(world.firms, "renovation_quarters") == [3, 0, 0, 0]


@pytest.mark.parametrize(("budget", "places", "started"), [(2_500_000, 9.0, 2), (9_000_000, 3.0, 3), (10**9, 99.0, 5)])
def test_money_places_and_applicants_bound_the_call(budget, places, started):
    world = few(5, **FIRM)
    run(world, budget, places)
    assert np.count_nonzero(world.firms.renovation_quarters) == started


def test_a_project_too_dear_for_the_line_does_not_shut_out_those_behind_it():
    world = few(3, **(FIRM | {"sales_y": [100.0, 500.0, 100.0], "quality": [2.0, 1.0, 0.0]}))
    run(world, 2_500_000, 9.0)
    assert first(world.firms, "renovation_award")[1] == 0
    assert first(world.firms, "renovation_quarters") == [3, 0, 3]


def test_promises_of_a_late_start_are_kept_before_new_ones():
    world = few(4, "2014Q3", quality=[4.0, 3.0, 2.0, 1.0], **FIRM)
    run(world, 2_000_000, 4.0)
    assert first(world.firms, "renovation_quarters") == [3, 3, 0, 0]
    quarters(world, 1)
    next_quarter(world)
    run(world, 3_000_000, 4.0)
    assert first(world.firms, "renovation_quarters") == [1, 1, 3, 0]


def test_a_large_project_is_capped_and_who_just_renovated_waits():
    world = few(1, **(FIRM | {"sales_y": 1000.0}))
    run(world, 50_000_000)
    assert world.firms.upgrade_demand[0] == pytest.approx(10.0)
    assert quarters(world, 3)[2] == [5_000_000]
    next_quarter(world)
    run(world, 50_000_000)
    assert world.firms.renovation_quarters[0] == 0


def test_rows_decide_nothing():
    found = []
    for order in (None, np.arange(200)[::-1]):
        world = small_world(order=order)
        world.firms.margin[:] = 0.1
        world.governments.renovation_projects_y[0], world.governments.renovation_rate[0] = 6.0, 0.1
        world.accounts.appropriate(LINE, 9_000_000)
        renovate_firms(world, params(Params, apply_y=0.9), world.draws)
        found.append(by_uid(world.firms, "renovation_award"))
    np.testing.assert_array_equal(*found)
    assert np.count_nonzero(found[0]) > 2
