"""The alliance lever writes its three terms and its line, and nothing at zero."""

from __future__ import annotations

import pytest

from tests.levers.contract import RELATIONS, Case

CASE = Case(
    lever="alliance_support",
    doses={"budget_y": 8.0, "amount_y": 1.0, "places_y": 4.0, "work_check": 0.5},
    writes={
        "government.alliance_amount_y": 1.0,
        "government.alliance_places_y": 4.0,
        "government.alliance_requires_work": 0.5,
    },
    budget_y=8.0,
    neutral=[{"budget_y": 0.0}],
)


@pytest.mark.parametrize("relation", RELATIONS)
def test_contract(relation):
    relation(CASE)
