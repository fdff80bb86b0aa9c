"""The zone lever writes places for R&D bodies and its line; nothing without money."""

from __future__ import annotations

import pytest

from tests.levers.contract import RELATIONS, Case

CASE = Case(
    lever="science_city_zone",
    doses={"budget_y": 40.0, "institutes_y": 10.0},
    writes={"government.centre_places_y": {"zone_institute": 10.0}},
    budget_y=40.0,
    neutral=[{"budget_y": 0.0}],
)


@pytest.mark.parametrize("relation", RELATIONS)
def test_contract(relation):
    relation(CASE)
