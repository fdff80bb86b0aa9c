"""Reports: what is relabelled, what is reported for a threshold's sake, and what the tax office will see."""

from __future__ import annotations

import pytest

from sim.agents.firm import LARGE, MICRO, PRIVATE, STATE
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


def test_what_was_decided_to_be_on_paper_is_reported_and_state_firms_add_to_it():
    firms = report(2, relabelled_share=[0.125, 0.125], ownership=[PRIVATE, STATE]).firms
    assert first(firms, "rd_reported_q") == pytest.approx([11.25, 12.25])


def test_a_reward_on_reported_rd_is_one_more_reason_to_relabel_also_without_the_tax():
    firms = report(3, relabelled_share=[0.125, 0.0, 0.0], reported_reward=[0.05, 0.05, 0.0]).firms
    assert first(firms, "rd_reported_q") == pytest.approx([11.75, 10.5, 10.0])


def test_the_lift_to_a_threshold_is_reported_only_and_audits_take_their_part():
    firms = report(relabelled_share=0.125, notch_lift_q=2.0).firms
    assert firms.rd_reported_q[0] == pytest.approx(13.25)
    firms = report(relabelled_share=0.125, notch_lift_q=2.0, changes={"audit_cut": 0.4}).firms
    assert firms.rd_reported_q[0] == pytest.approx(10.0 + 0.6 * 3.25)
    firms = report(relabelled_share=0.125, notch_lift_q=2.0, ownership=STATE, changes={"audit_cut": 1.0}).firms
    assert firms.rd_reported_q[0] == 10.0


def test_who_has_no_rd_reports_none():
    firms = report(has_rd=0, rd_actual_q=0.0, notch_lift_q=2.0, ownership=STATE).firms
    assert firms.rd_reported_q[0] == 0.0


def test_what_claimants_may_deduct_adds_up_by_the_terms_of_each_quarter():
    world = report(3, deduction_rate=0.5, size_class=[LARGE, MICRO, MICRO], claim_rank=[0.9, 0.5, 0.7],
                   relabelled_share=[0.125, 0.125, 0.0])  # fmt: skip
    world.firms.deduction_rate[:] = 1.0
    report(quarter=1, world=world)
    assert first(world.firms, "rd_reported_year") == pytest.approx([22.5, 22.5, 20.0])
    assert first(world.firms, "deductible_year") == pytest.approx([1.5 * 11.25, 1.5 * 11.25, 0.0])


def test_the_points_off_the_tax_rate_are_the_mean_of_the_year_s_terms():
    world = report(tax_cut=0.1)
    world.firms.tax_cut[:] = 0.0
    for quarter in (1, 2, 3):
        report(quarter=quarter, world=world)
    assert world.firms.tax_cut_year[0] == pytest.approx(0.025)


def test_the_dead_report_nothing():
    world = few(2, **FIRM)
    world.firms.alive[1] = 0
    report(world=world)
    assert fixed_sum(world.firms.rd_reported_q, world.firms.alive) == 10 * 2**20
    assert world.firms.rd_reported_q[1] == 0.0
