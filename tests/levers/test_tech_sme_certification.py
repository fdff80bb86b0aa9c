"""The certification lever writes places and its line; nothing without places, no money that was not asked for."""

from __future__ import annotations

import pytest

from tests.levers.contract import RELATIONS, Case

CASE = Case(
    lever="tech_sme_certification",
    doses={"places_y": 1500.0, "budget_y": 16.0},
    writes={"government.tech_sme_places_y": 1500.0},
    budget_y=16.0,
    neutral=[{"places_y": 0.0}],
)


@pytest.mark.parametrize("relation", RELATIONS)
def test_contract(relation):
    relation(CASE)
