"""Performance funding writes its weight and its line, and nothing without money."""

from __future__ import annotations

import pytest

from tests.levers.contract import RELATIONS, Case

CASE = Case(
    lever="university_funding",
    doses={"budget_y": 100.0, "conversion_weight": 0.5},
    writes={"government.conversion_weight": 0.5},
    budget_y=100.0,
    neutral=[{"budget_y": 0.0}],
)


@pytest.mark.parametrize("relation", RELATIONS)
def test_contract(relation):
    relation(CASE)
