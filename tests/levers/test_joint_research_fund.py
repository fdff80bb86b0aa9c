"""The joint research fund is paid out of the increase of science spending alone: no increase, no money (R27)."""

from __future__ import annotations

import numpy as np
import pytest

from sim.levers.joint_research_fund import JointResearchFund, increase_of_spending
from tests.levers.contract import RELATIONS, Case
from tests.mechanisms.worlds import frozen, small_world


def spending(years, quarter=0, start="2014Q1", last=30.0):
    """A world in a quarter of a path of yearly spending (100m yuan), `last` being that of 2010."""
    world = small_world(start)
    world.calendar.quarter = quarter
    world.paths["fiscal_st_expenditure"] = np.repeat(np.array(years, float), 4)
    world.paths["fiscal_st_expenditure_2010"] = np.full(4 * len(years), last)
    return world


CASE = Case(
    lever="joint_research_fund",
    doses={"increase_share": 0.2, "project_size": 1.5},
    writes={"government.joint_project_size": 1.5},
    budget_y=100.0,
    neutral=[{"increase_share": 0.0}, {"project_size": 0.0}],
    budget_dose="increase_share",
    world=lambda quarter: spending([40, 45], 3 + quarter),
)


@pytest.mark.parametrize("relation", RELATIONS)
def test_contract(relation):
    relation(CASE)


@pytest.mark.parametrize(("years", "increase"), [([40, 45], 500.0), ([40, 40], 0.0), ([40, 35], 0.0)])
def test_the_increase_is_that_over_the_same_quarter_of_the_last_year(years, increase):
    for quarter in range(4, 8):
        assert increase_of_spending(spending(years, quarter)) == pytest.approx(increase)


def test_a_later_year_is_not_known():
    assert increase_of_spending(spending([40, 45, 90], 4)) == increase_of_spending(spending([40, 45, 1], 4))


def test_the_first_year_counts_from_2010_and_is_unknown_when_the_run_starts_later():
    assert increase_of_spending(spending([40], start="2011Q1")) == pytest.approx(1000.0)
    assert increase_of_spending(spending([40], start="2014Q1")) == 0.0


@pytest.mark.parametrize(("years", "doses"), [([40, 45], (0.0, 1.0)), ([40, 45], (0.2, 0.0)), ([40, 40], (0.2, 1.0))])
def test_without_share_size_or_increase_nothing_is_written(years, doses):
    world = spending(years, 4)
    before = frozen(world)
    JointResearchFund(*doses).apply(world)
    assert frozen(world) == before
    assert not world.accounts.appropriated_year.any()
