"""The grant lever writes its three terms and its line, and nothing at zero."""

from __future__ import annotations

import pytest

from tests.levers.contract import RELATIONS, Case

CASE = Case(
    lever="rd_grant",
    doses={"budget_y": 100.0, "rate": 0.3, "firm_share": 0.8, "joint_only": 0.5},
    writes={"government.grant_rate": 0.3, "government.grant_firm_share": 0.8, "government.grant_joint_only": 0.5},
    budget_y=100.0,
    neutral=[{"budget_y": 0.0}, {"rate": 0.0}],
)


@pytest.mark.parametrize("relation", RELATIONS)
def test_contract(relation):
    relation(CASE)
