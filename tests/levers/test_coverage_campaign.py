"""The campaign lever writes its terms in the row of Changzhi and its line; nothing at an intensity of zero."""

from __future__ import annotations

import pytest

from sim.agents.campaign import HOST
from tests.levers.contract import RELATIONS, Case
from tests.mechanisms.worlds import small_world

CASE = Case(
    lever="coverage_campaign",
    doses={
        "intensity": 0.5,
        "officials": 120.0,
        "expert_teams": 20.0,
        "mentors": 40.0,
        "pressure": 0.8,
        "budget_y": 16.0,
    },
    writes={
        "government.campaign_intensity": 0.5,
        "government.campaign_officials": 120.0,
        "government.campaign_teams": 20.0,
        "government.campaign_mentors": 40.0,
        "government.campaign_pressure": 0.8,
    },
    budget_y=16.0,
    neutral=[{"intensity": 0.0}],
    row=HOST,
    world=lambda quarter: small_world(f"2020Q{quarter}", "2021Q4"),
)


@pytest.mark.parametrize("relation", RELATIONS)
def test_contract(relation):
    relation(CASE)
