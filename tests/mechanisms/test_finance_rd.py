"""Finance: R&D under the soft cap, and what a grant adds or displaces, by hand and to the yuan."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.budget import BUDGET_LINES
from sim.agents.finance_law import soft_cap
from sim.agents.firm import PRIVATE, STATE
from sim.mechanisms.finance_rd import Params, finance_rd
from tests.mechanisms.few_firms import Said, few, first
from tests.mechanisms.worlds import params

PLAIN = {"slack": 2.0, "weight_cash_flow_private": 0.2, "weight_cash_flow_state": 0.1, "weight_cash": 0.5,
         "sharpness": 6.0, "normal_margin": 0.07, "normal_cash": 0.05, "wage_share": 0.35}  # fmt: skip
FIRM = {"has_rd": 1, "sales_y": 80.0, "sales_base": 80.0, "rd_intensity": 0.05, "margin": 0.07, "cash": 4.0,
        "rd_intended_q": 1.0, "rd_actual_q": 1.0, "rd_reported_q": 1.0}  # fmt: skip


def finance(n=1, grant=(), changes=(), **columns):
    world = few(n, **(FIRM | columns))
    if grant:
        world.accounts.appropriate("rd_grant", 10**12)
        world.pay("rd_grant", world.firms, np.arange(len(grant)), np.array(grant))
    finance_rd(world, params(Params, **(PLAIN | dict(changes))), Said())
    return world


def uses(world):
    return world.notes["uses"][2014][0].tolist()


def test_finance_at_normal_margin_and_cash_is_slack_times_normal_rd():
    firms = finance().firms
    assert firms.rd_finance_q[0] == pytest.approx(2.0)
    assert firms.rd_actual_q[0] == pytest.approx((1.0 + 2.0**-6) ** (-1 / 6))


def test_cash_flow_and_cash_count_by_their_weights():
    firms = finance(5, margin=[0.0, 0.14, 0.07, -0.5, 9.0], cash=[4.0, 4.0, 0.0, 0.0, 900.0]).firms
    # w (flow) + 0.8 (0.5 cash + 0.5), both held within 0..2
    assert first(firms, "rd_finance_q") == pytest.approx([1.6, 2.4, 1.2, 0.8, 2 * (0.4 + 0.8 * 1.5)])


def test_state_firms_lean_less_on_cash_flow():
    firms = finance(2, margin=0.0, ownership=[PRIVATE, STATE]).firms
    assert first(firms, "rd_finance_q") == pytest.approx([1.6, 1.8])


def test_arrears_narrow_what_is_within_reach_and_support_stays_whole():
    # the usual buffer is 4: arrears of 4 at a caution of 1 leave half, and a caution of 0 leaves all
    changes = {"overhang_caution": 1.0}
    firms = finance(4, debt_overhang=[0.0, 4.0, 12.0, 4.0], credit_q=[0.0, 0.0, 0.0, 0.5], changes=changes).firms
    assert first(firms, "rd_finance_q") == pytest.approx([2.0, 1.0, 0.5, 1.5])
    assert finance(debt_overhang=4.0, changes={"overhang_caution": 0.0}).firms.rd_finance_q[0] == pytest.approx(2.0)


def test_who_has_no_rd_carries_out_none_whatever_its_finance():
    firms = finance(1, has_rd=0).firms
    assert firms.rd_actual_q[0] == 0.0
    assert firms.rd_finance_q[0] == 0.0


def test_an_unconstrained_firm_displaces_and_a_constrained_one_adds():
    rich = finance(grant=[100_000], changes={"slack": 200.0})
    assert uses(rich)[4] == pytest.approx(100_000, abs=1)
    assert rich.firms.rd_actual_q[0] == pytest.approx(1.0)
    poor = finance(grant=[100_000], rd_intended_q=50.0)
    assert poor.firms.rd_actual_q[0] == pytest.approx(2.1)
    assert uses(poor) == [
        0,
        0,
        pytest.approx(35_000, abs=2),
        pytest.approx(65_000, abs=2),
        pytest.approx(0, abs=2),
        0,
        0,
    ]


def test_a_grant_by_hand_with_a_diverter_who_relabels():
    world = finance(grant=[400_000], misuse_share=0.25, rd_reported_q=1.2)
    before, after = soft_cap(1.0, 2.0, 6.0), soft_cap(1.0, 2.3, 6.0)
    rise = int((after - before) * 1e6)
    relabelled = int(rise * 0.2)
    wage = int(rise * 0.35)
    assert uses(world) == [100_000, pytest.approx(relabelled, abs=1), pytest.approx(wage, abs=1),
                           pytest.approx(rise - wage, abs=1), pytest.approx(300_000 - relabelled - rise, abs=2),
                           0, 0]  # fmt: skip
    assert sum(uses(world)[:5]) == 400_000
    assert world.firms.rd_actual_q[0] == pytest.approx(after)
    assert world.firms.rd_finance_q[0] == pytest.approx(2.3)


def test_a_grant_to_a_firm_without_rd_is_misused_or_displaced():
    assert uses(finance(grant=[400_000], has_rd=0, misuse_share=0.25)) == [100_000, 0, 0, 0, 300_000, 0, 0]


def test_uses_of_the_quarters_of_a_year_add_up():
    world = finance(grant=[400_000])
    finance_rd(world, params(Params, **PLAIN), Said())
    assert sum(uses(world)[:5]) == 800_000


def test_two_project_lines_share_the_rise_by_what_they_paid():
    world = few(1, **(FIRM | {"rd_intended_q": 50.0}))
    for line, yuan in (("rd_grant", 300_000), ("interest_subsidy", 100_000)):
        world.accounts.appropriate(line, yuan)
        world.pay(line, world.firms, np.array([0]), yuan)
    finance_rd(world, params(Params, **PLAIN), Said())
    year = world.notes["uses"][2014]
    assert year[0, 2:4].sum() == pytest.approx(300_000, abs=3)
    assert year[BUDGET_LINES.index("interest_subsidy"), 2:4].sum() == pytest.approx(100_000, abs=3)
    assert world.firms.rd_actual_q[0] == pytest.approx(2.4)


def test_credit_is_within_reach_and_nobodys_gift():
    world = finance(2, rd_intended_q=50.0, credit_q=[0.0, 0.5])
    assert first(world.firms, "rd_finance_q") == pytest.approx([2.0, 2.5])
    assert not np.any(uses(world))


def test_waiting_money_is_within_reach_once():
    world = finance(2, waiting_yuan=[1_000_000, 500_000])
    assert first(world.firms, "rd_finance_q") == pytest.approx([3.0, 2.5])
    assert not world.firms.waiting_yuan.any()
    assert not np.any(uses(world)), "it is booked where it was paid"


def test_more_support_never_lowers_rd():
    actual = [finance(grant=[g]).firms.rd_actual_q[0] for g in (0, 10_000, 10**5, 10**6, 10**8)]
    assert actual == sorted(actual)
    assert actual[-1] <= 1.0


@pytest.mark.parametrize("misuse", [0.0, 0.3, 1.0])
def test_uses_sum_to_what_was_paid(misuse):
    grant = [1, 77_777, 10**9]
    world = finance(3, grant=grant, misuse_share=misuse, has_rd=[1, 1, 0], rd_reported_q=[1.0, 3.0, 0.0])
    assert sum(uses(world)[:5]) == sum(grant)
    assert min(uses(world)) >= 0


def test_rd_that_would_not_have_started_without_the_grant_is_all_its_doing():
    world = finance(2, grant=[400_000, 400_000], induced_by_grant=[1, 0], changes={"slack": 200.0})
    assert uses(world)[2:4] == [140_000, 260_000]
    assert uses(world)[4] == pytest.approx(400_000, abs=2), "the other firm had the means anyway"
    assert uses(world)[5] == pytest.approx(600_000, abs=2), "own money that the first adds"
    assert first(world.firms, "induced_by_grant") == [1, 0]


def test_a_start_is_no_longer_the_grant_s_doing_when_it_is_over():
    assert finance(induced_by_grant=1).firms.induced_by_grant[0] == 0


def test_a_further_project_comes_on_top_of_what_a_firm_with_money_intends():
    world = finance(2, grant=[300_000, 300_000], changes={"slack": 200.0}, project_rd_q=[1.0, 0.0])
    assert first(world.firms, "rd_actual_q") == pytest.approx([2.0, 1.0])
    assert first(world.firms, "rd_intended_q") == [1.0, 1.0], "the plan of the firm is what it was"
    one = finance(1, grant=[300_000], changes={"slack": 200.0}, project_rd_q=1.0)
    assert uses(one)[2:6] == [105_000, 195_000, 0, pytest.approx(700_000, abs=2)], "it pays the rest itself"


def test_a_further_project_is_cut_where_the_money_for_it_is_not_within_reach():
    world = finance(1, grant=[300_000], rd_intended_q=2.0, project_rd_q=1.0)
    assert world.firms.rd_actual_q[0] == pytest.approx(soft_cap(3.0, 2.3, 6.0))


def test_what_a_further_project_adds_is_the_doing_of_the_grant():
    world = few(1, **(FIRM | {"project_rd_q": 1.0}))
    for line, yuan in (("rd_grant", 300_000), ("interest_subsidy", 100_000)):
        world.accounts.appropriate(line, yuan)
        world.pay(line, world.firms, np.array([0]), yuan)
    finance_rd(world, params(Params, **(PLAIN | {"slack": 200.0})), Said())
    year = world.notes["uses"][2014]
    assert year[0, 2:6].sum() == pytest.approx(1_000_000, abs=3)
    assert year[BUDGET_LINES.index("interest_subsidy"), 2:4].sum() == pytest.approx(0, abs=3)
