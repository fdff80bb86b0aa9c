"""The quarter opens: terms neutral, payments cleared, and the year's sums become last year's."""

from __future__ import annotations

import numpy as np

from sim.mechanisms.open_quarter import Params, open_quarter
from tests.mechanisms.few_firms import Said, few, tell
from tests.mechanisms.worlds import frozen

YEAR = {"rd_actual_year": 5.0, "rd_reported_year": 6.0, "sales_year": 80.0, "profit_year": -3.0, "filings_year": 4}
LAST = {"rd_reported_1y": 3.0, "rd_reported_2y": 2.0, "sales_1y": 70.0, "sales_2y": 60.0}


def opened(quarter, **changes):
    world = few(2, "2011Q1", **(YEAR | LAST | {"has_rd": 1}), **changes)
    world.paths = {"coal_price": np.arange(44.0), "gdp_revised": 100.0 + np.arange(44.0)}
    world.calendar.quarter = quarter
    open_quarter(world, Params(), Said())
    return world


def test_drivers_take_the_value_of_the_quarter():
    assert opened(7).exogenous == {"coal_price": 7.0, "gdp_revised": 107.0}


def test_every_term_goes_neutral_and_nothing_else_changes_within_a_year():
    world = few(2, "2011Q1", **YEAR)
    world.paths = {}
    world.calendar.quarter = 1
    terms = [(k, name) for k, c in world.kinds.items() for name in c.terms()]
    assert len(terms) > 10
    before = frozen(world)
    for kind, name in terms:
        world.kinds[kind][name].fill(7.0)
    world.flows["grants"] = 3
    world.accounts.disbursed_q[0] = 9
    open_quarter(world, Params(), Said())
    assert frozen(world) == before
    assert world.flows == {}
    assert not world.accounts.disbursed_q.any()


def test_payments_of_the_last_quarter_are_cleared_and_waiting_money_is_not():
    world = few(2, "2011Q1")
    world.paths = {}
    world.calendar.quarter = 1
    kinds = world.payees
    world.accounts.appropriate("rd_grant", 10**6)
    for columns in kinds:
        world.pay("rd_grant", columns, np.array([0]), 1000)
    tell(world.firms, waiting_yuan=[500, 0])
    open_quarter(world, Params(), Said())
    assert not any(columns.received_yuan.total().any() for columns in kinds)
    assert world.firms.waiting_yuan[0] == 500


def test_in_a_new_year_sums_become_history():
    firms = opened(4).firms
    assert (firms.rd_reported_1y[0], firms.rd_reported_2y[0]) == (6.0, 3.0)
    assert (firms.sales_1y[0], firms.sales_2y[0]) == (80.0, 70.0)
    assert firms.had_rd_last_year[0] == 1
    assert not any(firms[name].any() for name in YEAR)


def test_inside_a_year_sums_go_on():
    firms = opened(5).firms
    assert (firms.rd_reported_1y[0], firms.rd_reported_2y[0], firms.sales_1y[0]) == (3.0, 2.0, 70.0)
    assert all(firms[name][0] == value for name, value in YEAR.items())


def test_the_first_quarter_of_the_run_keeps_the_history_of_the_start():
    firms = opened(0).firms
    assert (firms.rd_reported_1y[0], firms.rd_reported_2y[0], firms.sales_2y[0]) == (3.0, 2.0, 60.0)
    assert not firms.sales_year.any()


def test_budgets_do_not_outlive_their_year():
    for quarter, left in ((3, 500), (4, 0)):
        world = few(1, "2011Q1")
        world.paths = {}
        world.accounts.appropriate("rd_grant", 500)
        world.calendar.quarter = quarter
        open_quarter(world, Params(), Said())
        assert world.accounts.left("rd_grant") == left
