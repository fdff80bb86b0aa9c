"""The start-up lever writes its amount and its line, and nothing without money or amount."""

from __future__ import annotations

import pytest

from tests.levers.contract import RELATIONS, Case

CASE = Case(
    lever="startup_support",
    doses={"budget_y": 20.0, "amount": 0.1},
    writes={"government.startup_amount": 0.1},
    budget_y=20.0,
    neutral=[{"budget_y": 0.0}, {"amount": 0.0}],
)


@pytest.mark.parametrize("relation", RELATIONS)
def test_contract(relation):
    relation(CASE)
