"""The deduction lever writes every firm's rate, by law if asked, and nothing at zero."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.agents.drivers import driver_paths
from sim.catalogue.loader import catalogue
from sim.core.calendar import Calendar
from sim.levers.base import BY_LAW
from sim.levers.super_deduction import SuperDeduction
from tests.levers.contract import RELATIONS, Case, it_writes_what_its_row_says, the_budget_is_given_once_and_pro_rata
from tests.mechanisms.worlds import frozen, small_world


def world_of(start):
    world = small_world(start, "2021Q4")
    law = driver_paths(catalogue(), Calendar.of(start, "2021Q4"), {})
    world.exogenous = {name: float(path[0]) for name, path in law.items()}
    return world


CASE = Case(
    lever="super_deduction",
    doses={"rate": 0.25, "accelerated_depreciation": 0.5},
    writes={"firm.deduction_rate": 0.25, "firm.accelerated_depreciation": 0.5},
    world=lambda quarter: world_of(f"2014Q{quarter}"),
)


@pytest.mark.parametrize("relation", RELATIONS)
def test_contract(relation):
    relation(CASE)


@pytest.mark.parametrize("rate", [0.25, 1.0, 2.0])
def test_a_number_is_everybody_s_rate_and_nothing_else_changes(rate):
    doses = {"rate": rate, "accelerated_depreciation": 0.0}
    writes = {"firm.deduction_rate": rate, "firm.accelerated_depreciation": 0.0}
    case = replace(CASE, doses=doses, writes=writes)
    it_writes_what_its_row_says(case)
    the_budget_is_given_once_and_pro_rata(case)


@pytest.mark.parametrize(
    ("start", "others", "sme", "makers"),
    [("2011Q1", 0.5, 0.5, 0.5), ("2016Q4", 0.5, 0.5, 0.5), ("2017Q1", 0.5, 0.75, 0.5), ("2018Q1", 0.75, 0.75, 0.75),
     ("2021Q1", 0.75, 0.75, 1.0)],
)  # fmt: skip
def test_the_law_of_the_year_by_class(start, others, sme, makers):
    world = world_of(start)
    world.firms.is_tech_sme[:40] = 1
    SuperDeduction(BY_LAW, 0.0).apply(world)
    firms = world.firms
    made = np.array([row.super_deduction_class == "manufacturing" for row in catalogue().sectors])[firms.sector]
    living, small = firms.alive == 1, firms.is_tech_sme == 1
    assert set(firms.deduction_rate[living & made & ~small]) == {makers}
    assert set(firms.deduction_rate[living & ~made & ~small]) == {others}
    assert set(firms.deduction_rate[living & small & ~made]) == {max(sme, others)}
    assert set(firms.deduction_rate[living & small & made]) == {max(sme, makers)}


def test_mining_and_power_are_no_manufacturing():
    classes = {row.super_deduction_class for row in catalogue().sectors}
    assert "manufacturing" in classes
    assert len(classes) > 1


def test_depreciation_is_a_term_of_its_own_and_needs_no_extra_deduction():
    world = world_of("2014Q1")
    before = frozen(world, but=("firm.accelerated_depreciation",))
    SuperDeduction(0.0, 0.5).apply(world)
    assert set(world.firms.accelerated_depreciation) == {0.5}
    assert frozen(world, but=("firm.accelerated_depreciation",)) == before
    SuperDeduction(0.25, 0.5).apply(world)
    assert set(world.firms.deduction_rate) == {0.25}
    assert not world.accounts.available.any()
