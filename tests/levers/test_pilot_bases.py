"""The lever of pilot bases writes their places and its line; nothing without bases."""

from __future__ import annotations

import pytest

from tests.levers.contract import RELATIONS, Case

CASE = Case(
    lever="pilot_bases",
    doses={"bases_y": 5.0, "budget_y": 40.0},
    writes={"government.centre_places_y": {"pilot_base": 5.0}},
    budget_y=40.0,
    neutral=[{"bases_y": 0.0}],
)


@pytest.mark.parametrize("relation", RELATIONS)
def test_contract(relation):
    relation(CASE)
