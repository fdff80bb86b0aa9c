"""The fund lever writes the tax credit of investors and its line, and nothing without money."""

from __future__ import annotations

import pytest

from tests.levers.contract import RELATIONS, Case

CASE = Case(
    lever="guidance_fund",
    doses={"budget_y": 20.0, "tax_credit": 0.1},
    writes={"government.fund_tax_credit": 0.1},
    budget_y=20.0,
    neutral=[{"budget_y": 0.0}],
)


@pytest.mark.parametrize("relation", RELATIONS)
def test_contract(relation):
    relation(CASE)
