"""The elite lever writes projects, amount and its line; nothing without any of the three."""

from __future__ import annotations

import pytest

from tests.levers.contract import RELATIONS, Case

CASE = Case(
    lever="elite_partnering",
    doses={"budget_y": 20.0, "projects_y": 10.0, "amount": 2.0},
    writes={"government.elite_projects_y": 10.0, "government.elite_amount": 2.0},
    budget_y=20.0,
    neutral=[{"budget_y": 0.0}, {"projects_y": 0.0}, {"amount": 0.0}],
)


@pytest.mark.parametrize("relation", RELATIONS)
def test_contract(relation):
    relation(CASE)
