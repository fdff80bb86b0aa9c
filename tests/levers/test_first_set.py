"""The first-set lever writes its shares and its line; nothing without money or any share."""

from __future__ import annotations

import pytest

from tests.levers.contract import RELATIONS, Case

CASE = Case(
    lever="first_set",
    doses={"budget_y": 40.0, "premium_share": 0.8, "purchase_share": 0.1},
    writes={"government.first_set_premium": 0.8, "government.first_set_purchase": 0.1},
    budget_y=40.0,
    neutral=[{"budget_y": 0.0}, {"premium_share": 0.0, "purchase_share": 0.0}],
)


@pytest.mark.parametrize("relation", RELATIONS)
def test_contract(relation):
    relation(CASE)
