"""Guarantees: who gets a loan and how much by hand, premiums, defaults and closures, the limit of the fund."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.firm import LARGE, PRIVATE, SMALL, STATE
from sim.mechanisms.finance_rd import Params as FinanceParams
from sim.mechanisms.finance_rd import finance_rd
from sim.mechanisms.guarantee_credit import Params, guarantee_credit
from tests.mechanisms.few_firms import Said, few, first
from tests.mechanisms.worlds import by_uid, frozen, next_quarter, params, received, small_world

LINE = "credit_guarantee"
FIRM = {"has_rd": 1, "ownership": PRIVATE, "size_class": SMALL, "sales_y": 100.0, "rd_intended_q": 1.0,
        "rd_finance_q": 0.6, "margin": 0.05, "cash": 1.0, "city": 2}  # fmt: skip
PLAIN = {"apply_y": 0.9, "cushion": 1.0, "participation": 1.0, "loan_to_sales": 0.1, "pledge_worth": 0.5,
         "premium_y": 0.02, "reserve": 0.1, "new_share": 0.5, "drawn_over": 4, "repaid_over": 4}  # fmt: skip
ALL = {"guarantee__apply": 0.0, "guarantee__bank": 0.5}


def quarter(world, coverage=0.6, reach=0.0, yuan=10_000_000, said=None, **changes):
    world.governments.guarantee_coverage[0] = coverage
    world.governments.pledge_reach[0] = reach
    if world.calendar.is_first_of_year and yuan:
        world.accounts.appropriate(LINE, yuan)
    guarantee_credit(world, params(Params, **(PLAIN | changes)), Said(**(ALL if said is None else said)))
    assert received(world, LINE) == world.accounts.disbursed_q[world.accounts.number(LINE)]
    return world


def test_a_firm_gets_what_it_lacks_and_a_premium_on_all_of_the_loan():
    world = quarter(few(1, **FIRM))
    assert world.firms.credit_q[0] == pytest.approx(0.4)
    # 1.6 is new, 3.2 is lent; 2 % a year for two years
    assert received(world, LINE) == pytest.approx(128_000, abs=1)


def test_the_premium_goes_on_to_the_guarantor_and_is_no_money_for_rd():
    rd = []
    for premium_y in (0.0, 0.02):
        world = quarter(few(1, **(FIRM | {"sales_base": 100.0, "rd_intensity": 0.04})), premium_y=premium_y)
        finance_rd(world, params(FinanceParams), Said())
        rd.append(world.firms.rd_actual_q[0])
    assert received(world, LINE) > 0
    assert rd[0] == rd[1]


def test_the_loan_ends_at_cover_times_sales_and_patents_reach_further():
    firms = quarter(few(2, **(FIRM | {"sales_y": 10.0, "inventions_in_force": [0, 10]})), reach=0.3).firms
    assert first(firms, "credit_q") == pytest.approx([0.6 / 8, 2.1 / 8])
    pledged = quarter(few(2, **(FIRM | {"inventions_in_force": [0, 10]})), coverage=0.0, reach=0.3).firms
    assert first(pledged, "credit_q") == pytest.approx([0.0, 1.5 / 8]), "without cover only patents count"


def test_large_state_and_well_financed_firms_have_none_and_loss_makers_as_far_as_covered():
    columns = FIRM | {"size_class": [LARGE, SMALL, SMALL, SMALL], "ownership": [PRIVATE, STATE, PRIVATE, PRIVATE],
                      "rd_finance_q": [0.6, 0.6, 2.0, 0.6], "margin": [0.05, 0.05, 0.05, -0.05]}  # fmt: skip
    assert (quarter(few(4, **columns)).firms.credit_q[:4] > 0).tolist() == [False, False, False, True]
    assert not quarter(few(4, **columns), coverage=0.4).firms.credit_q.any()


def test_premiums_and_reserve_limit_what_is_guaranteed_the_best_first():
    world = quarter(few(3, **(FIRM | {"quality": [0.0, 2.0, 1.0]})), yuan=700_000)
    # each takes 128,000 of premium and 192,000 of reserve
    assert (world.firms.credit_q[:3] > 0).tolist() == [False, True, True]
    assert world.accounts.left(LINE) >= 2 * 192_000


def test_beyond_the_demand_more_money_changes_nothing():
    a, b = (quarter(few(3, **FIRM), yuan=y) for y in (10**8, 10**9))
    assert received(a, LINE) == received(b, LINE)
    assert np.array_equal(a.firms.credit_q, b.firms.credit_q)


def run_until_settled(world, n=6, **columns):
    paid = []
    for k in range(n):
        if k:
            next_quarter(world)
        for name, value in columns.items():
            world.firms[name][0] = value if k >= 4 else world.firms[name][0]
        quarter(world, said=ALL if k == 0 else {"guarantee__apply": 1.0})
        paid.append(world.governments.received_yuan.of(world.accounts.number(LINE)))
    return np.array(paid)


def test_a_default_is_paid_to_the_city_s_fund_as_far_as_covered():
    world = few(1, **(FIRM | {"cash": 0.0}))
    paid = run_until_settled(world, margin=-0.1)
    assert paid[:4].sum() == 0
    assert paid.sum(axis=0)[3] == paid.sum() == pytest.approx(0.6 * 3.2e6, abs=2)
    assert world.firms.guaranteed_debt[0] == 0.0


def test_a_loan_that_is_paid_back_costs_no_more_than_its_premium():
    world = few(1, **(FIRM | {"cash": 50.0}))
    assert run_until_settled(world, n=9).sum() == 0
    assert world.firms.guaranteed_debt[0] == 0.0
    assert world.firms.cash[0] == pytest.approx(48.4)
    assert "guaranteed_loans" not in world.notes


def test_the_loan_of_a_firm_that_closed_is_settled_even_if_its_place_is_taken():
    world = quarter(few(2, **(FIRM | {"rd_finance_q": [0.6, 5.0]})))
    next_quarter(world)
    world.firms.remove(np.array([0]))
    world.firms.place(np.array([0]), np.array([99]), {"has_rd": 0})
    quarter(world, said={"guarantee__apply": 1.0})
    assert received(world, LINE) == pytest.approx(0.6 * 0.8e6, abs=2)
    next_quarter(world)
    quarter(world, said={"guarantee__apply": 1.0})
    assert received(world, LINE) == 0, "once only"


def test_without_terms_or_money_nothing_changes_bit_for_bit():
    for coverage, yuan in ((0.0, 10**7), (0.6, 0)):
        world = few(2, **FIRM)
        world.governments.guarantee_coverage[0] = coverage
        before = frozen(world)
        quarter(world, coverage, 0.0, yuan)
        assert frozen(world) == before
        assert world.notes == {}


def test_rows_do_not_matter():
    order = np.random.default_rng(3).permutation(200)
    worlds = [small_world(), small_world(order=order)]
    for world in worlds:
        firms = world.firms
        firms.rd_intended_q[:] = firms.rd_reported_q
        firms.rd_finance_q[:] = 0.8 * firms.rd_intended_q
        firms.margin[:] = 0.05 * np.sin(firms.uid)
        for k in range(10):
            if k:
                next_quarter(world)
            world.governments.guarantee_coverage[0] = 0.6
            if world.calendar.is_first_of_year:
                world.accounts.appropriate(LINE, 2_000_000)
            guarantee_credit(world, params(Params), world.draws)
    assert worlds[0].firms.guaranteed_debt.any()
    for name in ("guaranteed_debt", "credit_q", "cash", "received_yuan"):
        assert np.array_equal(by_uid(worlds[0].firms, name), by_uid(worlds[1].firms, name)), name
    assert np.array_equal(worlds[0].governments.received_yuan[:], worlds[1].governments.received_yuan[:])
