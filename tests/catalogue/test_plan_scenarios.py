"""The scenario of each plan has in force what the map of the plans says that the plan names, and nothing else."""

from __future__ import annotations

import pytest

from experiments import load_scenario
from sim.catalogue.loader import catalogue

SCENARIOS = {"A": "plan_a_2014", "B": "plan_b_2014", "C": "plan_c_13fyp", "D": "plan_d_2019", "E": "plan_e_changzhi"}
NATIONAL = {"super_deduction", "hnte_tax_rate"}  # dated law, in force in every scenario of a plan
LEFT_OUT = {  # named by the plan with a dose of its own, but of another place than the lever
    "A": {"coverage_campaign"},  # appraisal of leaders; the lever is the campaign of Changzhi
    "C": {"coverage_campaign"},
    "E": {"demonstration_firms", "key_technology_programme"},  # of one city; the levers are provincial
}
BEYOND = {"C": {"tech_sme_certification"}}  # named as a target, not as an instrument
CASES = list(SCENARIOS)


def in_force(plan: str) -> set[str]:
    """Levers with a main dose at some time of the plan's own phase."""
    doses = catalogue().doses.values()
    last = load_scenario(SCENARIOS[plan]).phases[-1]
    return {
        lever
        for lever, setting in last.lever.items()
        if any(setting.doses[row.dose] != row.neutral for row in doses if row.lever == lever and row.main)
    }


def named(plan: str, own_dose: bool) -> set[str]:
    """Levers that the plan's instruments move."""
    rows = catalogue().instruments.values()
    return {r.lever for r in rows if plan in r.plans and r.lever and (r.status == "lever" or not own_dose)}


@pytest.mark.parametrize("plan", CASES)
def test_every_lever_with_a_dose_that_the_plan_names_is_in_force(plan: str) -> None:
    assert named(plan, own_dose=True) - in_force(plan) == LEFT_OUT.get(plan, set())


@pytest.mark.parametrize("plan", CASES)
def test_nothing_is_in_force_that_the_plan_does_not_name(plan: str) -> None:
    before = {name for name, s in load_scenario("history").lever.items() if s} if plan == "E" else set()  # goes on
    assert in_force(plan) - named(plan, own_dose=False) - NATIONAL - before == BEYOND.get(plan, set())
