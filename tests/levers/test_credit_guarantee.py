"""The guarantee lever writes its two terms and its line, and nothing without money or cover."""

from __future__ import annotations

import pytest

from tests.levers.contract import RELATIONS, Case

CASE = Case(
    lever="credit_guarantee",
    doses={"budget_y": 20.0, "coverage": 0.6, "pledge_reach": 0.3},
    writes={"government.guarantee_coverage": 0.6, "government.pledge_reach": 0.3},
    budget_y=20.0,
    neutral=[{"budget_y": 0.0}, {"coverage": 0.0, "pledge_reach": 0.0}],
)


@pytest.mark.parametrize("relation", RELATIONS)
def test_contract(relation):
    relation(CASE)
