"""The year's tax: whom deduction and lower rate spare how much, what is carried five years, certificates by year."""

from __future__ import annotations

import pytest

from experiments import load_scenario
from sim.agents.firm import CERTIFIED, LARGE
from sim.core.calendar import Calendar
from sim.core.fixed_point import ONE
from sim.mechanisms.certify_firms import Params as CertifyParams
from sim.mechanisms.certify_firms import certify_firms
from sim.mechanisms.settle_tax import Params, settle_tax
from sim.model import InnovationModel
from sim.schedule import SCHEDULE
from tests.mechanisms.few_firms import Said, few
from tests.mechanisms.worlds import params


def settle(world, quarter=3):
    world.calendar.quarter = quarter
    settle_tax(world, params(Params), Said())
    return list(world.notes.get("tax_expenditure", {}).get(world.calendar.year, {}).values())


def tax(quarter=3, **columns):
    """Tax not collected in 2014 (deduction, lower rate), and the firms."""
    world = few(len(columns["profit_year"]), size_class=LARGE, **columns)
    return settle(world, quarter), world.firms


def test_tax_is_settled_in_the_last_quarter():
    assert tax(2, profit_year=[100.0], deductible_year=[10.0])[0] == []
    assert tax(3, profit_year=[100.0], deductible_year=[10.0])[0] == pytest.approx([2.5, 0.0])


def test_the_tax_not_collected_by_hand():
    # a holder saves 15 % of 10 by the deduction and 10 % of the other 90
    spared, _ = tax(profit_year=[100.0], deductible_year=[10.0], hnte_stage=[CERTIFIED], tax_cut_year=[0.1])
    assert spared == pytest.approx([1.5, 9.0])


def test_the_deduction_is_worth_nothing_beyond_the_profit_of_the_year():
    assert tax(profit_year=[4.0], deductible_year=[20.0])[0] == pytest.approx([1.0, 0.0])
    assert tax(profit_year=[-4.0], deductible_year=[20.0])[0] == [0.0, 0.0]


def test_a_scaled_run_speaks_of_the_province():
    world = few(1, profit_year=[100.0], deductible_year=[10.0])
    world.scale = 8
    assert settle(world) == pytest.approx([20.0, 0.0])


def test_the_lower_rate_of_more_points_spares_more():
    spared = [tax(profit_year=[100.0], hnte_stage=[CERTIFIED], tax_cut_year=[c])[0][1] for c in (0.0, 0.05, 0.1, 0.25)]
    assert spared == pytest.approx([0.0, 5.0, 10.0, 25.0])


def years(profits, deductible=0.0):
    """Losses carried and tax spared by the deduction at the end of each year; the deduction is that of year one."""
    world, losses, spared = few(1), [], []
    for year, profit in enumerate(profits):
        world.firms.profit_year[0] = profit
        world.firms.deductible_year[0] = deductible if year == 0 else 0.0
        spared.append(settle(world, 4 * year + 3)[0])
        losses.append(float(world.firms.losses_carried[0].sum()))
    return losses, spared


def test_a_loss_is_set_against_later_profit():
    assert years([-10.0, 4.0, 4.0, 4.0])[0] == pytest.approx([10.0, 6.0, 2.0, 0.0])


def test_a_loss_is_carried_five_years_and_no_longer():
    assert years([-10.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0])[0] == pytest.approx([10.0, 9.0, 8.0, 7.0, 6.0, 0.0, 0.0])


def test_a_second_loss_does_not_make_the_first_one_younger():
    found = years([-10.0, 0.0, -5.0, 0.0, 0.0, 0.0, 0.0, 0.0])[0]
    assert found == pytest.approx([10.0, 10.0, 15.0, 15.0, 15.0, 5.0, 5.0, 0.0])


def test_the_oldest_loss_is_used_first():
    found = years([-10.0, -5.0, 12.0, 0.0, 0.0, 0.0, 0.0])[0]
    assert found == pytest.approx([10.0, 15.0, 3.0, 3.0, 3.0, 3.0, 0.0])


def test_a_carried_loss_lowers_the_profit_that_the_deduction_meets():
    spared, firms = tax(profit_year=[12.0], deductible_year=[10.0], losses_carried=[[5.0, 0.0, 0.0, 0.0, 0.0]])
    assert firms.losses_carried[0].sum() == 0.0
    assert firms.deductions_carried[0].tolist() == pytest.approx([3.0, 0.0, 0.0, 0.0, 0.0])
    assert spared == pytest.approx([1.75, 0.0]), "7 of profit are left for 10 of deduction"


def test_a_deduction_that_finds_no_profit_costs_tax_when_profit_is_back():
    assert years([-1.0, 5.0, 4.0, 40.0], deductible=10.0)[1] == pytest.approx([0.0, 1.0, 1.0, 0.5])
    assert years([4.0, 0.0, 40.0], deductible=10.0)[1] == pytest.approx([1.0, 0.0, 1.5])


def test_a_deduction_is_carried_five_years_and_no_longer():
    assert years([0.0, 0.0, 0.0, 0.0, 0.0, 8.0], deductible=10.0)[1][-1] == pytest.approx(2.0)
    assert years([0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 8.0], deductible=10.0)[1][-1] == 0.0


@pytest.mark.parametrize("month", [0, 1, 2, 3])
def test_a_certificate_of_any_quarter_counts_for_its_year_and_the_next_two(month):
    world = few(1, "2014Q1", has_rd=1, is_high_tech_field=1, sales_y=10.0, sales_1y=10.0, rd_reported_q=1.0,
                rd_reported_1y=4.0, certificate_threshold=0.06, certificate_gain=1.0, age_q=20, soft_ip=1)  # fmt: skip
    world.calendar = Calendar.of("2014Q1", "2019Q4")
    world.indices["push"][:] = 1.0
    lower = []
    for quarter in range(20):
        world.calendar.quarter = quarter
        world.firms.profit_year[0], world.firms.tax_cut_year[0] = 100.0, 0.1
        certify_firms(world, params(CertifyParams), Said(certify__apply=0.0 if quarter == month else 1.0,
                                                         certify__score=0.0, certify__renew=1.0))  # fmt: skip
        found = settle(world, quarter)
        lower += [found[1] > 0.0] if quarter % 4 == 3 else []
    assert lower == [True, True, True, False, False]


def test_the_year_is_settled_after_its_last_certificates_are_given():
    steps = [step.name for step in SCHEDULE]
    assert steps.index("certify_firms") < steps.index("settle_tax") < steps.index("exit_and_enter")


def test_a_deduction_that_ends_within_a_year_has_its_cost_in_that_year():
    scenario = load_scenario("history", ["population=tiny", "end=2011Q4", "lever.super_deduction.end=2011Q2"])
    half = InnovationModel(scenario).run().tax_expenditure[2011]["super_deduction"]
    whole = InnovationModel(load_scenario("history", ["population=tiny", "end=2011Q4"])).run()
    assert 0.2 < half / whole.tax_expenditure[2011]["super_deduction"] < 0.8


def test_tax_put_off_counts_with_the_deduction_and_only_in_a_year_of_profit():
    world = few(2, profit_year=[100.0, -1.0], deferred_tax_share=[0.01, 0.01], rd_reported_year=[40.0, 40.0])
    assert settle(world) == pytest.approx([0.4, 0.0])


def test_tax_credits_of_investors_are_counted_once_with_their_lever():
    world = few(1, profit_year=[100.0])
    world.scale = 8
    world.notes["tax_credits"] = {"guidance_fund": 3 * ONE}
    settle(world)
    assert world.notes["tax_expenditure"][2014]["guidance_fund"] == pytest.approx(24.0)
    settle(world, 7)
    assert "guidance_fund" not in world.notes["tax_expenditure"][2015]
