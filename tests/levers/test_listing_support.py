"""The listing lever writes its award and its line, and nothing without money or award."""

from __future__ import annotations

import pytest

from tests.levers.contract import RELATIONS, Case

CASE = Case(
    lever="listing_support",
    doses={"budget_y": 20.0, "award": 1.0},
    writes={"government.listing_award": 1.0},
    budget_y=20.0,
    neutral=[{"budget_y": 0.0}, {"award": 0.0}],
)


@pytest.mark.parametrize("relation", RELATIONS)
def test_contract(relation):
    relation(CASE)
