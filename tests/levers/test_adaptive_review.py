"""The review lever writes share and interval, and places of pilots in their calls; it has no money of its own."""

from __future__ import annotations

import pytest

from sim.catalogue.loader import catalogue
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


def test_pilots_get_places_in_their_own_calls():
    world = small_world()
    AdaptiveReview(0.0, 0.0, 0.7, 5.0).apply(world)
    places = world.governments.centre_places_y
    city, county = (catalogue().programme(kind) for kind in ("pilot_city", "pilot_county"))
    assert (places[0, city], places[0, county], places.sum()) == (0.7, 5.0, 5.7)
    assert world.governments.review_share[0] == 0.0
