"""The lever of local rewards writes rate and cap and its line, and nothing at zero."""

from __future__ import annotations

import pytest

from tests.levers.contract import RELATIONS, Case

CASE = Case(
    lever="local_rd_reward",
    doses={"budget_y": 100.0, "rate": 0.05, "cap": 1.0},
    writes={"government.reward_rate": 0.05, "government.reward_cap": 1.0},
    budget_y=100.0,
    neutral=[{"budget_y": 0.0}, {"rate": 0.0}, {"cap": 0.0}],
)


@pytest.mark.parametrize("relation", RELATIONS)
def test_contract(relation):
    relation(CASE)
