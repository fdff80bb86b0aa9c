"""The renovation programme writes projects and rate and its line, and nothing at zero."""

from __future__ import annotations

import pytest

from tests.levers.contract import RELATIONS, Case

CASE = Case(
    lever="renovation_programme",
    doses={"budget_y": 100.0, "projects_y": 33.0, "rate": 0.1},
    writes={"government.renovation_projects_y": 33.0, "government.renovation_rate": 0.1},
    budget_y=100.0,
    neutral=[{"budget_y": 0.0}, {"projects_y": 0.0}, {"rate": 0.0}],
)


@pytest.mark.parametrize("relation", RELATIONS)
def test_contract(relation):
    relation(CASE)
