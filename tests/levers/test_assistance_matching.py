"""The assistance lever writes who helps and its line; nothing without money or helpers."""

from __future__ import annotations

import pytest

from tests.levers.contract import RELATIONS, Case

CASE = Case(
    lever="assistance_matching",
    doses={"budget_y": 20.0, "officials": 60.0, "expert_teams": 10.0, "mentors": 30.0},
    writes={"government.help_officials": 60.0, "government.help_teams": 10.0, "government.help_mentors": 30.0},
    budget_y=20.0,
    neutral=[{"budget_y": 0.0}, {"officials": 0.0, "expert_teams": 0.0, "mentors": 0.0}],
)


@pytest.mark.parametrize("relation", RELATIONS)
def test_contract(relation):
    relation(CASE)
