"""Interest subsidies: price and access by hand, who is taken, what is paid, and that they end."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.firm import PRIVATE
from sim.mechanisms.desire_rd import Params as DesireParams
from sim.mechanisms.desire_rd import desire_rd
from sim.mechanisms.finance_rd import Params as FinanceParams
from sim.mechanisms.finance_rd import finance_rd
from sim.mechanisms.subsidise_interest import Params, cheaper, subsidise_interest
from tests.mechanisms.few_firms import Said, few, first
from tests.mechanisms.worlds import by_uid, frozen, next_quarter, params, received, small_world

LINE = "interest_subsidy"
FIRM = {"has_rd": 1, "can_innovate": 1, "sales_y": 100.0, "sales_base": 100.0, "rd_intensity": 0.04, "cash": 5.0,
        "rd_intended_q": 1.0, "rd_finance_q": 5.0, "rd_actual_q": 1.0, "rd_reported_q": 1.0, "margin": 0.07,
        "quality": 0.0}  # fmt: skip
PLAIN = {"debt_share": 0.3, "loan_years": 4.0, "largest_loan": 100.0, "loan_rate": 0.05, "depreciation_y": 0.15,
         "paid_for": 8, "participation": 0.5, "start_lift": 0.3, "normal_cash": 0.05, "cushion": 1.0,
         "apply_y": 0.9, "starters_y": 0.9}  # fmt: skip
ALL = {"interest__apply": 0.0, "interest__bank": 0.0}


def quarter(world, points=1.0, yuan=1_000_000, said=None, **changes):
    world.governments.interest_points[0] = points
    if world.calendar.is_first_of_year and yuan:
        world.accounts.appropriate(LINE, yuan)
    subsidise_interest(world, params(Params, **(PLAIN | changes)), Said(**(ALL if said is None else said)))
    assert received(world, LINE) == world.accounts.disbursed_q[world.accounts.number(LINE)]
    return world


def test_a_point_off_the_loan_rate_by_hand():
    assert cheaper(0.3, 0.01, 0.05, 0.15) == pytest.approx(1 - 0.3 * 0.01 / 0.20)
    assert cheaper(0.3, 0.09, 0.05, 0.15) == cheaper(0.3, 0.05, 0.05, 0.15), "no more than all of the interest"


def test_interest_is_paid_by_the_quarter_on_the_loan_up_to_the_largest():
    world = quarter(few(2, **(FIRM | {"rd_intended_q": [1.0, 100.0]})), yuan=4_000_000)
    # 0.3 x 4 x 4 = 4.8 million; a hundred times that counts for 100 only
    assert world.firms.received_yuan[:2, world.accounts.number(LINE)].tolist() == [12_000, 250_000]
    # R&D capital is 4 / 0.15: the loans cover 4.8 x 0.15 / 4 = 0.18 of it
    assert first(world.firms, "cost_factor") == pytest.approx([1 - 0.18 * 0.05, 1 - 0.18 * 100 / 480 * 0.05])


@pytest.mark.parametrize("loan_years", [1.0, 4.0, 1 / 0.15, 9.0])
def test_capital_becomes_no_cheaper_than_the_interest_that_is_paid(loan_years):
    firms = quarter(few(1, **FIRM), yuan=10**8, loan_years=loan_years).firms
    paid_y = 4 * firms.received_yuan[0].sum() / 1e6
    capital_cost_y = 4.0 / 0.15 * (0.05 + 0.15)  # R&D of 4 million a year
    saved_y = (1.0 - firms.cost_factor[0]) * capital_cost_y
    assert saved_y == pytest.approx(min(paid_y, 0.3 * 4.0 / 0.15 * 0.01), rel=1e-3)


def test_only_a_firm_that_lacks_finance_and_whose_bank_takes_part_gets_a_new_loan():
    firms = quarter(few(2, **(FIRM | {"rd_finance_q": [0.7, 5.0]}))).firms
    assert first(firms, "credit_q") == pytest.approx([0.3, 0.0])
    refused = quarter(few(2, **(FIRM | {"rd_finance_q": [0.7, 5.0]})), said={**ALL, "interest__bank": 0.9}).firms
    assert first(refused, "credit_q") == [0.0, 0.0]


def test_a_firm_without_rd_starts_more_often_the_thinner_its_cash_and_only_with_the_loan():
    columns = FIRM | {"has_rd": 0, "cash": [0.0, 2.5, 5.0]}
    assert first(quarter(few(3, **columns)).firms, "start_lift") == pytest.approx([0.3, 0.15, 0.0])
    assert first(quarter(few(3, **columns), said={**ALL, "interest__bank": 0.9}).firms, "start_lift") == [0.0] * 3
    firms = quarter(few(3, **columns)).firms
    assert not firms.credit_q.any(), "nothing is drawn before R&D starts"
    assert set(first(firms, "cost_factor")) == {1.0}


def test_the_best_are_taken_first_and_no_more_than_the_line_bears():
    world = quarter(few(4, **(FIRM | {"quality": [0.1, 2.0, 1.0, -1.0]})), yuan=2 * 4 * 12_000)
    assert (world.firms.subsidised_quarters[:4] > 0).tolist() == [False, True, True, False]
    assert world.accounts.left(LINE) == 2 * 3 * 12_000


def test_beyond_the_demand_more_money_changes_nothing():
    once, twice = (quarter(small_with_plans(), yuan=y) for y in (10**9, 2 * 10**9))
    assert received(once, LINE) == received(twice, LINE) > 0


def small_with_plans(**keywords):
    world = small_world(**keywords)
    firms = world.firms
    firms.can_innovate[:] = 1
    firms.rd_intensity[:] = 0.02
    firms.rd_intended_q[:] = firms.rd_reported_q
    firms.rd_finance_q[:] = 0.8 * firms.rd_intended_q
    firms.quality[:] = np.sin(firms.uid * 1.7)
    return world


def test_the_subsidy_ends_and_the_loan_is_paid_back():
    world = quarter(few(1, **(FIRM | {"rd_finance_q": [0.7]})), paid_for=2)
    for _ in range(12):
        next_quarter(world)
        quarter(world, paid_for=2, said={"interest__apply": 1.0})
    firms = world.firms
    assert (firms.subsidised_quarters[0], firms.subsidised_debt[0], firms.cost_factor[0]) == (0, 0.0, 1.0)
    assert firms.cash[0] == pytest.approx(5.0 - 0.6)


def test_without_points_or_money_nothing_changes_bit_for_bit():
    for points, yuan in ((0.0, 0), (1.0, 0)):
        world = few(3, **(FIRM | {"rd_finance_q": 0.5}))
        world.governments.interest_points[0] = points
        before = frozen(world)
        quarter(world, points, yuan)
        assert frozen(world) == before


def test_firms_that_lack_finance_answer_at_least_three_times_as_much():
    """Nothing says so: it comes out of desired R&D and the finance law."""
    rd = []
    for points in (0.0, 1.0):
        columns = FIRM | {"rd_finance_q": [0.7, 5.0], "cash": [0.0, 5.0], "margin": [0.001, 0.07], "ownership": PRIVATE}
        world = few(2, **columns)
        for k in range(4):
            if k:
                next_quarter(world)
            quarter(world, points, 10**6, cushion=1.2)
            desire_rd(world, params(DesireParams), Said())
            finance_rd(world, params(FinanceParams), Said())
        rd.append(world.firms.rd_actual_q[:2].copy())
    rise = np.log(rd[1] / rd[0])
    assert rise[1] > 0.0
    assert rise[0] > 3 * rise[1]


def test_rows_do_not_matter():
    order = np.random.default_rng(3).permutation(200)
    worlds = [small_with_plans(), small_with_plans(order=order)]
    for world in worlds:
        for k in range(6):
            if k:
                next_quarter(world)
            world.governments.interest_points[0] = 2.0
            if world.calendar.is_first_of_year:
                world.accounts.appropriate(LINE, 400_000)
            subsidise_interest(world, params(Params), world.draws)
    assert worlds[0].firms.subsidised_quarters.any()
    for name in ("subsidised_stock", "subsidised_debt", "cost_factor", "credit_q", "start_lift", "received_yuan"):
        assert np.array_equal(by_uid(worlds[0].firms, name), by_uid(worlds[1].firms, name)), name
