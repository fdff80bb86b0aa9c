"""The programme of key technologies writes projects and amount and its line, and nothing at zero."""

from __future__ import annotations

import pytest

from tests.levers.contract import RELATIONS, Case

CASE = Case(
    lever="key_technology_programme",
    doses={"budget_y": 100.0, "projects_y": 33.0, "amount": 3.0},
    writes={"government.key_projects_y": 33.0, "government.key_amount": 3.0},
    budget_y=100.0,
    neutral=[{"budget_y": 0.0}, {"projects_y": 0.0}, {"amount": 0.0}],
)


@pytest.mark.parametrize("relation", RELATIONS)
def test_contract(relation):
    relation(CASE)
