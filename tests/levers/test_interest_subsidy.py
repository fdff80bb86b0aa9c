"""The interest lever writes its points and its line, and nothing without money or points."""

from __future__ import annotations

import pytest

from tests.levers.contract import RELATIONS, Case

CASE = Case(
    lever="interest_subsidy",
    doses={"budget_y": 20.0, "points": 2.0},
    writes={"government.interest_points": 2.0},
    budget_y=20.0,
    neutral=[{"budget_y": 0.0}, {"points": 0.0}],
)


@pytest.mark.parametrize("relation", RELATIONS)
def test_contract(relation):
    relation(CASE)
