"""Reports and tax: what is relabelled, whom the deduction and the lower rate spare how much, losses over five years."""

from __future__ import annotations

import pytest

from sim.agents.firm import CERTIFIED, LARGE, MICRO, PRIVATE, STATE
from sim.core.fixed_point import fixed_sum
from sim.mechanisms.report_rd import Params, report_rd
from tests.mechanisms.few_firms import Said, few, first
from tests.mechanisms.worlds import params

PLAIN = {"relabel_curvature": 0.5, "relabel_state": 0.1, "audit_cut": 0.0, "take_up": 0.6}
FIRM = {"has_rd": 1, "margin": 0.06, "size_class": LARGE, "rd_actual_q": 10.0}


def report(n=1, quarter=0, changes=(), world=None, **columns):
    world = few(n, **(FIRM | columns)) if world is None else world
    world.calendar.quarter = quarter
    report_rd(world, params(Params, **(PLAIN | dict(changes))), Said())
    return world


def test_without_a_deduction_a_private_firm_reports_what_it_does():
    firms = report().firms
    assert firms.rd_reported_q[0] == 10.0
    assert firms.rd_actual_year[0] == firms.rd_reported_year[0] == 10.0


def test_the_relabelled_share_is_the_tax_value_over_twice_the_curvature():
    firms = report(
        3, deduction_rate=0.5, hnte_stage=[0, CERTIFIED, 0], tax_cut=0.1, ownership=[PRIVATE, PRIVATE, STATE]
    ).firms
    assert first(firms, "rd_reported_q") == pytest.approx([11.25, 10.75, 12.25])


def test_small_firms_relabel_only_if_they_claim_and_loss_makers_not_at_all():
    firms = report(4, deduction_rate=0.5, size_class=[MICRO, MICRO, LARGE, LARGE], claim_rank=[0.59, 0.61, 0.9, 0.9],
                   margin=[0.1, 0.1, 0.1, 0.0]).firms  # fmt: skip
    assert first(firms, "rd_reported_q") == pytest.approx([11.25, 10.0, 11.25, 10.0])


def test_the_lift_to_a_threshold_is_reported_only_and_audits_take_their_part():
    firms = report(deduction_rate=0.5, notch_lift_q=2.0).firms
    assert firms.rd_reported_q[0] == pytest.approx(13.25)
    firms = report(deduction_rate=0.5, notch_lift_q=2.0, changes={"audit_cut": 0.4}).firms
    assert firms.rd_reported_q[0] == pytest.approx(10.0 + 0.6 * 3.25)
    firms = report(deduction_rate=0.5, notch_lift_q=2.0, ownership=STATE, changes={"audit_cut": 1.0}).firms
    assert firms.rd_reported_q[0] == 10.0


def test_who_has_no_rd_reports_none():
    firms = report(has_rd=0, rd_actual_q=0.0, notch_lift_q=2.0, ownership=STATE).firms
    assert firms.rd_reported_q[0] == 0.0


def tax(quarter=3, **columns):
    """Tax not collected (deduction, lower rate) of firms whose reports of the year stand before the last quarter."""
    n = len(columns["profit_year"])
    world = report(n, quarter, rd_actual_q=0.0, **{"rd_reported_year": 20.0, **columns})
    return list(world.notes.get("tax_expenditure", {}).get(2014, {}).values()), world.firms


def test_tax_is_settled_in_the_last_quarter():
    assert tax(2, profit_year=[100.0], deduction_rate=0.5)[0] == []
    assert tax(3, profit_year=[100.0], deduction_rate=0.5)[0] == pytest.approx([2.5, 0.0])


def test_the_tax_not_collected_by_hand():
    # 20 of R&D at an extra half is 10; a holder saves 15 % of that by the deduction and 10 % of the other 90
    spared, _ = tax(profit_year=[100.0], deduction_rate=0.5, hnte_stage=[CERTIFIED], tax_cut=0.1)
    assert spared == pytest.approx([1.5, 9.0])


def test_the_deduction_is_worth_nothing_beyond_the_profit():
    assert tax(profit_year=[4.0], deduction_rate=1.0)[0] == pytest.approx([1.0, 0.0])
    assert tax(profit_year=[-4.0], deduction_rate=1.0)[0] == [0.0, 0.0]


def test_small_firms_that_do_not_claim_deduct_nothing():
    spared, _ = tax(profit_year=[100.0, 100.0], deduction_rate=0.5, size_class=MICRO, claim_rank=[0.59, 0.61])
    assert spared == pytest.approx([2.5, 0.0])


def test_a_scaled_run_speaks_of_the_province():
    world = few(
        1, **(FIRM | {"rd_actual_q": 0.0, "rd_reported_year": 20.0, "profit_year": 100.0, "deduction_rate": 0.5})
    )
    world.scale = 8
    report(quarter=3, world=world)
    assert world.notes["tax_expenditure"][2014]["super_deduction"] == pytest.approx(20.0)


def years(profits, **columns):
    """Losses carried at the end of each year."""
    world = few(1, "2014Q1", **(FIRM | {"rd_actual_q": 0.0, "deduction_rate": 0.0} | columns))
    found = []
    for year, profit in enumerate(profits):
        world.firms.profit_year[0] = profit
        report(quarter=4 * year + 3, world=world)
        found.append(float(world.firms.losses_carried[0].sum()))
    return found


def test_a_loss_is_set_against_later_profit():
    assert years([-10.0, 4.0, 4.0, 4.0]) == pytest.approx([10.0, 6.0, 2.0, 0.0])


def test_a_loss_is_carried_five_years_and_no_longer():
    assert years([-10.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]) == pytest.approx([10.0, 9.0, 8.0, 7.0, 6.0, 0.0, 0.0])


def test_a_second_loss_does_not_make_the_first_one_younger():
    found = years([-10.0, 0.0, -5.0, 0.0, 0.0, 0.0, 0.0, 0.0])
    assert found == pytest.approx([10.0, 10.0, 15.0, 15.0, 15.0, 5.0, 5.0, 0.0])


def test_the_oldest_loss_is_used_first():
    assert years([-10.0, -5.0, 12.0, 0.0, 0.0, 0.0, 0.0]) == pytest.approx([10.0, 15.0, 3.0, 3.0, 3.0, 3.0, 0.0])


def test_a_carried_loss_lowers_the_profit_that_the_deduction_meets():
    spared, firms = tax(profit_year=[12.0], deduction_rate=0.5, losses_carried=[[5.0, 0.0, 0.0, 0.0, 0.0]])
    assert firms.losses_carried[0].sum() == 0.0
    assert spared == pytest.approx([1.75, 0.0]), "7 of profit are left for 10 of deduction"


def test_the_lower_rate_of_more_points_spares_more():
    spared = [tax(profit_year=[100.0], hnte_stage=[CERTIFIED], tax_cut=c)[0][1] for c in (0.0, 0.05, 0.1, 0.25)]
    assert spared == pytest.approx([0.0, 5.0, 10.0, 25.0])


def test_the_dead_report_nothing():
    world = few(2, **FIRM)
    world.firms.alive[1] = 0
    report(world=world)
    assert fixed_sum(world.firms.rd_reported_q, world.firms.alive) == 10 * 2**20
    assert world.firms.rd_reported_q[1] == 0.0
