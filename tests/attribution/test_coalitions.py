"""Coalitions of a scenario: who is away does nothing, its money goes to nobody, and the full one is the scenario."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from experiments.attribution.coalitions import coalition, name_of, points_of, with_own_money
from experiments.attribution.groups import FAMILIES, acting, check_groups, groups_of
from experiments.calibration.posterior import load
from experiments.compose import load_scenario
from sim.catalogue.loader import catalogue
from sim.core.calendar import QUARTERS_A_YEAR, quarter_number
from sim.scenario import Scenario
from sim.scenario_values import ScenarioError

PLANS = ("plan_a_2014", "plan_b_2014", "plan_c_13fyp", "plan_d_2019", "plan_e_changzhi", "all_plans")


def span(scenario: Scenario) -> tuple[int, int]:
    return quarter_number(scenario.start), quarter_number(scenario.end)


def money(scenario: Scenario, lever: str, year: int) -> float:
    return scenario.dose_value(lever, "budget_y", year, 4)


@pytest.mark.parametrize("name", [*PLANS, "history", "austerity"])
def test_the_full_coalition_has_the_doses_of_the_scenario_in_every_quarter(name: str):
    scenario = load_scenario(name)
    full = points_of(scenario, groups_of(scenario, check_groups("rd_grant,tax"), is_strict=True))[-1].scenario
    for lever in catalogue().levers:
        assert full.course(lever, *span(scenario)) == scenario.course(lever, *span(scenario)), lever


@pytest.mark.parametrize("name", ["plan_a_2014", "history"])
def test_who_stays_has_no_more_money_than_before_and_who_is_away_has_none(name: str):
    """Without a lever the scenario itself hands its share to the others; a coalition leaves it unspent."""
    scenario = load_scenario(name)
    groups = groups_of(scenario, ["rd_grant", "guidance_fund"], is_strict=True)
    without = coalition(with_own_money(scenario), groups, 0b10)
    for year in (2014, 2017, 2021):
        for lever in ("guidance_fund", "innovation_voucher"):
            assert money(without, lever, year) == pytest.approx(money(scenario, lever, year), rel=1e-12)
            assert money(without, lever, year) > 0.0
        assert money(without, "rd_grant", year) == 0.0
    naive = coalition(scenario, groups, 0b10)
    if len(scenario.phases) > 1:
        assert money(naive, "guidance_fund", 2017) > 1.2 * money(scenario, "guidance_fund", 2017)


def test_what_was_before_the_plan_stays_as_it_was():
    scenario = load_scenario("plan_b_2014")
    none = points_of(scenario, groups_of(scenario, ["fiscal", "tax"], is_strict=True))[0].scenario
    first, own = quarter_number("2011Q1"), quarter_number("2014Q4")
    for lever in ("rd_grant", "super_deduction"):
        assert none.course(lever, first, own - 1) == scenario.course(lever, first, own - 1)
        rows = [row for row in catalogue().doses.values() if row.lever == lever]
        for doses in none.course(lever, own, quarter_number("2021Q4")):
            assert doses == {row.dose: row.neutral for row in rows}
    assert none.course("alliance_support", own, own) == scenario.course("alliance_support", own, own), "in no group"


def test_all_coalitions_are_there_once_in_the_order_of_a_game():
    scenario = load_scenario("plan_b_2014")
    groups = groups_of(scenario, check_groups("families"), is_strict=False)
    assert [group.name for group in groups] == [
        "fiscal", "tax", "platform", "network", "talent", "procurement", "governance",
    ]  # fmt: skip
    points = points_of(scenario, groups)
    assert len(points) == len({point.fingerprint for point in points}) == 128
    assert points[5].scenario.name == "plan_b_2014_1010000"
    assert name_of(groups, 5) == "fiscal & platform"
    assert (name_of(groups, 0), name_of(groups, 127)) == ("none", "all")
    assert sum(len(group.levers) for group in groups) == len(acting(scenario)) == 12


def test_every_family_of_the_catalogue_has_its_words():
    assert check_groups("families") == list(dict.fromkeys(row.family for row in catalogue().levers.values()))
    assert set(FAMILIES) == {row.family for row in catalogue().levers.values()}


def test_no_draw_of_the_fit_moves_the_money_that_is_written_as_sums():
    assert not [address for address in load("posterior").addresses if address.startswith("budget_key.")]


@pytest.mark.parametrize(("text", "said"), [
    ("rd_grnt", "groups = rd_grnt is no lever and no family. Did you mean rd_grant"),
    ("rd_grant,rd_grant+tax", "groups names rd_grant twice"),
    (",".join(list(catalogue().levers)[:9]), "has 9 groups, 512 coalitions; at most 8"),
    ("", "is no lever and no family"),
])  # fmt: skip
def test_names_that_cannot_be_meant_are_refused(text: str, said: str):
    with pytest.raises(ScenarioError, match="override: ") as refused:
        check_groups(text)
    assert said in str(refused.value)


def test_a_lever_that_is_not_in_force_or_in_two_groups_is_refused_or_left_out():
    plan_b = load_scenario("plan_b_2014")
    with pytest.raises(ScenarioError, match="innovation_voucher is not in force in plan_b_2014"):
        groups_of(plan_b, ["innovation_voucher", "rd_grant"], is_strict=True)
    assert [g.name for g in groups_of(plan_b, ["innovation_voucher", "rd_grant"], is_strict=False)] == ["rd_grant"]
    with pytest.raises(ScenarioError, match="rd_grant in two groups"):
        groups_of(plan_b, ["fiscal", "rd_grant"], is_strict=True)
    with pytest.raises(ScenarioError, match="no lever of them is in force in no_policy"):
        groups_of(load_scenario("no_policy"), check_groups("families"), is_strict=False)


def test_money_that_is_partly_a_sum_and_partly_a_share_is_kept_quarter_by_quarter():
    mixed = ["lever.rd_grant.budget_y={2014:fiscal_key,2016:50}", "lever.rd_grant.end=2018Q2"]
    scenario = load_scenario("plan_a_2014", mixed)
    full = with_own_money(scenario)
    assert full.course("rd_grant", *span(scenario)) == scenario.course("rd_grant", *span(scenario))
    assert full.canonical()["phases"][0] == scenario.canonical()["phases"][0]
    json.dumps(full.canonical())  # can be named by its content
    year = quarter_number("2014Q1") // QUARTERS_A_YEAR
    assert full.dose("rd_grant", "budget_y", year, 1) == scenario.dose_value("rd_grant", "budget_y", year, 1)
    assert with_own_money(replace(scenario, phases=scenario.phases[:1])).phases == scenario.phases[:1]
