"""Arms: the money of other levers stays, changes hold from their quarter on, and what does not exist is an error."""

from __future__ import annotations

import pytest

from experiments.compose import load_scenario
from experiments.responses.arms import BASE, STEADY, T0, dose_of, scenario_of
from experiments.responses.lab import Lab

GRANT = "rd_grant.budget_y"


def budgets(scenario, year):
    return {
        name: scenario.dose_value(name, "budget_y", year, 1)
        for name, setting in scenario.phases[-1].lever.items()
        if "budget_y" in setting.doses
    }


def test_the_base_is_the_steady_world_with_its_money_in_yuan():
    held, steady = budgets(scenario_of(STEADY), 2025), budgets(load_scenario(BASE), 2025)
    assert held == pytest.approx(steady)
    assert sum(held.values()) > 0.0


def test_a_change_moves_no_other_lever_s_money():
    before, after = budgets(scenario_of(STEADY), 2025), budgets(scenario_of(STEADY.since(T0, {GRANT: 0.0})), 2025)
    assert after == before | {"rd_grant": 0.0}
    assert before["rd_grant"] > 0.0


def test_a_change_holds_from_its_quarter_on():
    arm = STEADY.since("2018Q1", {"super_deduction.rate": 0.75}).since(T0, {"super_deduction.rate": 1.0})
    assert [dose_of(arm, "super_deduction.rate", year) for year in (2018, 2021, 2022, 2030)] == [0.75, 0.75, 1.0, 1.0]
    assert scenario_of(arm).dose("super_deduction", "rate", 2017, 1) == "dated_law"


def test_what_holds_always_holds_in_history_too():
    arm = STEADY.always({"hnte_tax_rate.cut_points": 0.0})
    assert [dose_of(arm, "hnte_tax_rate.cut_points", year) for year in (2011, 2017, 2025)] == [0.0, 0.0, 0.0]


def test_a_driver_is_multiplied_in_its_years_alone():
    scenario = scenario_of(STEADY.times("coal_price", 0.7, range(2022, 2031)))
    assert scenario.driver["coal_price"][2021] == 430
    assert {scenario.driver["coal_price"][year] for year in range(2022, 2031)} == {0.7 * 430}


def test_an_arm_that_goes_on_has_drivers_that_grow_as_they_did_last():
    usual, longer = scenario_of(STEADY), scenario_of(STEADY.until(2034))
    assert (usual.end, longer.end) == ("2030Q4", "2034Q4")
    for series, path in usual.driver.items():
        growth = path[2030] / path[2029]
        assert longer.driver[series][2034] == pytest.approx(path[2030] * growth**4)
        assert {year: longer.driver[series][year] for year in path} == path


@pytest.mark.parametrize(
    "arm",
    [STEADY.since(T0, {"rd_grant.sum": 1.0}), STEADY.since(T0, {"grants.budget_y": 1.0}),
     STEADY.where({"desire_rd.speed": 1.0})],
)  # fmt: skip
def test_what_does_not_exist_is_an_error(arm):
    with pytest.raises(KeyError):
        scenario_of(arm)


def test_an_arm_s_own_parameters_win_over_those_of_all_arms(monkeypatch):
    asked = []
    monkeypatch.setattr("experiments.responses.lab.scenario_of", lambda arm, k: asked.append(dict(arm.parameters)) or 1)
    monkeypatch.setattr("experiments.responses.lab.InnovationModel", lambda *given: 1 / 0)
    lab = Lab(0, 40, {"report_rd.audit_cut": 0.2, "desire_rd.take_up": 0.5})
    with pytest.raises(ZeroDivisionError):
        lab.run(STEADY.where({"report_rd.audit_cut": 1.0}))
    assert asked == [{"report_rd.audit_cut": 1.0, "desire_rd.take_up": 0.5}]
