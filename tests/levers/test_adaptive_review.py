"""The review lever writes share and interval, and places of pilots in their calls; it has no money of its own."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from sim.levers import base
from sim.levers.adaptive_review import AdaptiveReview
from tests.levers.contract import RELATIONS, Case
from tests.mechanisms.worlds import small_world

CASE = Case(
    lever="adaptive_review",
    doses={"share": 0.1, "interval_y": 3.0, "pilot_cities_y": 0.0, "pilot_counties_y": 0.0},
    writes={"government.review_share": 0.1, "government.review_interval": 3.0, "government.centre_places_y": {}},
    neutral=[{"share": 0.0}, {"interval_y": 0.0}],
)


@pytest.mark.parametrize("relation", RELATIONS)
def test_contract(relation):
    relation(CASE)


def test_pilots_get_places_in_their_own_calls(monkeypatch):
    """With two kinds of programme of these names, wherever they stand in the table."""
    kinds = [SimpleNamespace(kind=kind, order=order) for kind, order in (("pilot_county", 44), ("pilot_city", 41))]
    monkeypatch.setattr(base, "catalogue", lambda: SimpleNamespace(programmes=kinds))
    world = small_world()
    AdaptiveReview(0.0, 0.0, 0.7, 5.0).apply(world)
    places = world.governments.centre_places_y
    assert (places[0, 41], places[0, 44], places.sum()) == (0.7, 5.0, 5.7)
    assert world.governments.review_share[0] == 0.0
