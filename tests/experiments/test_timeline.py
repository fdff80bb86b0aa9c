"""The timeline says of a scenario which levers act when, at which doses, with words worked out."""

from __future__ import annotations

import pytest

from experiments.__main__ import main
from experiments.timeline import cell, lines_below, periods, quarters_in_force, read, spans, timeline
from sim.catalogue.loader import catalogue
from sim.core.calendar import quarter_number
from sim.scenario import Scenario, ScenarioError, build_scenario

BEFORE = {
    "rd_grant": {"budget_y": "fiscal_key", "rate": 0.3, "firm_share": 0.8},
    "innovation_voucher": {"budget_y": 20, "face_value": 0.1, "start": "2014Q1"},
    "super_deduction": {"rate": "dated_law"},
}
PLAN = {
    "rd_grant": {"budget_y": "fiscal_key", "rate": 0.3, "firm_share": 0.95},
    "alliance_support": {"budget_y": {"2015": 5, "2016Q3": 8}, "amount_y": 0.5, "end": "2019Q4"},
    "super_deduction": {"rate": "dated_law"},
}


def planned() -> Scenario:
    """A plan from 2014Q4 on, with a history before it."""
    before = {"name": "earlier", "lever": BEFORE}
    return build_scenario({"name": "plan", "before": before, "from": "2014Q4", "lever": PLAN})


def rows_of(table: list[list[str]]) -> dict[str, list[str]]:
    """Rows by address, with the lever filled in."""
    found, lever = {}, ""
    for row in table[1:]:
        lever = row[0] or lever
        found[f"{lever}.{row[3]}"] = row
    return found


def test_phases_are_the_columns():
    table = timeline(planned())
    assert table[0] == ["lever", "title", "in force", "dose", "dose title", "unit", "2011Q1-2014Q3", "2014Q4-2021Q4"]
    assert {len(row) for row in table} == {8}


def test_each_lever_shows_the_quarters_in_which_it_acts():
    found = rows_of(timeline(planned()))
    assert found["rd_grant.budget_y"][2] == "2011Q1-2021Q4"
    assert found["innovation_voucher.budget_y"][2] == "2014Q1-2014Q3"
    assert found["alliance_support.budget_y"][2] == "2015Q1-2019Q4"
    assert "hnte_pool.places_y" not in found


def test_a_lever_at_neutral_doses_does_not_act_inside_its_dates():
    scenario = build_scenario({"name": "idle", "lever": {"rd_grant": {"rate": 0.3, "start": "2012Q1"}}})
    assert quarters_in_force(scenario, "rd_grant") == []
    assert timeline(scenario)[1:] == []


def test_words_are_worked_out():
    scenario = planned()
    found = rows_of(timeline(scenario))
    first, last = (scenario.dose_value("rd_grant", "budget_y", *when) for when in ((2014, 4), (2021, 4)))
    assert found["rd_grant.budget_y"][7] == f"{first:.3g}..{last:.3g} (fiscal_key)"
    law = [catalogue().rule("super_deduction_rate", year) for year in (2011, 2014)]
    assert law[0] == law[1]
    assert found["super_deduction.rate"][6] == f"{law[0]:g} (dated_law)"


def test_a_schedule_shows_when_it_changes_and_a_dose_that_is_not_in_force_a_dash():
    found = rows_of(timeline(planned()))
    assert found["alliance_support.budget_y"][6:] == ["-", "0, 2015Q1: 5, 2016Q3: 8"]
    assert found["innovation_voucher.budget_y"][6:] == ["20", "-"]


def test_a_dose_that_changes_is_shown_and_one_that_stays_is_not():
    found = rows_of(timeline(planned()))
    assert found["rd_grant.firm_share"][6:] == ["0.8", "0.95"]
    assert "rd_grant.rate" not in found


def test_titles_and_units_in_chinese():
    table = timeline(planned(), "zh")
    row = rows_of(table)["rd_grant.budget_y"]
    assert table[0][0] == "工具"
    assert row[1] == catalogue().levers["rd_grant"].title_zh
    assert row[4:6] == ["年度预算", catalogue().units["million yuan a year"].title_zh]
    assert lines_below(table, "zh")[0] == f"({len(catalogue().levers)} 个工具中有 4 个实施)"


def test_spans_and_cells():
    assert spans([1, 2, 3, 7, 9, 10]) == [(1, 3), (7, 7), (9, 10)]
    start = quarter_number("2014Q1")
    assert cell([(start, 0.0, 0.0)], 0.0) == cell([], 0.0) == "-"
    assert cell([(start, 1234.5, 1234.5), (start + 1, 2.0, 2.0)], 0.0) == "1234.5, 2014Q2: 2"
    assert cell([(start, "fiscal_key", 1234.5)], 0.0) == "1,234 (fiscal_key)"


def test_a_scenario_of_one_phase_has_one_period():
    scenario = build_scenario({"name": "short", "end": "2012Q4"})
    assert periods(scenario) == ((quarter_number("2011Q1"), quarter_number("2012Q4")),)


def test_arguments_are_a_scenario_overrides_and_the_language():
    asked = read(["scenario=plan_b_2014", "titles=zh", "lever.rd_grant.budget_y=70"])
    assert (asked.scenario.name, asked.language) == ("plan_b_2014", "zh")
    assert rows_of(timeline(asked.scenario))["rd_grant.budget_y"][6:] == ["70", "70"]
    for wrong in (["titles=de"], ["scenario=plan_q"], ["scenari=plan_b_2014"]):
        with pytest.raises(ScenarioError):
            read(wrong)


def test_every_shipped_scenario_has_a_timeline(capsys: pytest.CaptureFixture[str]):
    for name in ("history", "no_policy", "plan_b_2014", "all_plans"):
        assert main(["list", "timeline", f"scenario={name}"]) == 0
        assert "levers in force" in capsys.readouterr().out
