"""The incubator lever writes places and rent cut and its line; nothing without money."""

from __future__ import annotations

import pytest

from tests.levers.contract import RELATIONS, Case

CASE = Case(
    lever="incubators_and_parks",
    doses={"budget_y": 40.0, "places_y": 100.0, "rent_cut": 0.5},
    writes={"government.incubator_places_y": 100.0, "government.incubator_rent_cut": 0.5},
    budget_y=40.0,
    neutral=[{"budget_y": 0.0}],
)


@pytest.mark.parametrize("relation", RELATIONS)
def test_contract(relation):
    relation(CASE)
