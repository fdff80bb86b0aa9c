"""The training lever writes places and its line; nothing without places or money."""

from __future__ import annotations

import pytest

from tests.levers.contract import RELATIONS, Case

CASE = Case(
    lever="policy_training",
    doses={"places_y": 800.0, "budget_y": 20.0},
    writes={"government.training_places_y": 800.0},
    budget_y=20.0,
    neutral=[{"places_y": 0.0}, {"budget_y": 0.0}],
)


@pytest.mark.parametrize("relation", RELATIONS)
def test_contract(relation):
    relation(CASE)
