"""The lever of grants on completion writes rate and pass share and its line, and nothing without money or promise."""

from __future__ import annotations

import pytest

from tests.levers.contract import RELATIONS, Case

CASE = Case(
    lever="post_completion_grant",
    doses={"budget_y": 100.0, "rate": 0.2, "pass_share": 0.7},
    writes={"government.completion_rate": 0.2, "government.completion_pass_share": 0.7},
    budget_y=100.0,
    neutral=[{"budget_y": 0.0}, {"rate": 0.0}, {"pass_share": 0.0}],
)


@pytest.mark.parametrize("relation", RELATIONS)
def test_contract(relation):
    relation(CASE)
