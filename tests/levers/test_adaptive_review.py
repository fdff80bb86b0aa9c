"""The review lever writes share and interval, and places of pilots in their calls; it has no money of its own."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from sim.catalogue.loader import catalogue
from sim.levers import base
from sim.levers.adaptive_review import AdaptiveReview
from tests.mechanisms.worlds import frozen, small_world

TERMS = tuple(catalogue().levers["adaptive_review"].acts_on)


@pytest.mark.parametrize("doses", [(0.0, 3.0, 0.0, 0.0), (0.1, 0.0, 0.0, 0.0), (0.0, 0.0, 0.0, 0.0)])
def test_zero_doses_write_nothing(doses):
    world = small_world()
    before = frozen(world)
    AdaptiveReview(*doses).apply(world)
    assert frozen(world) == before
    assert not world.accounts.available.any()


def test_it_writes_what_its_row_says_and_takes_no_money():
    world = small_world()
    before = frozen(world, but=TERMS)
    AdaptiveReview(0.1, 3.0, 0.0, 0.0).apply(world)
    assert frozen(world, but=TERMS) == before
    assert (world.governments.review_share[0], world.governments.review_interval[0]) == (0.1, 3.0)
    assert not world.governments.centre_places_y.any()
    assert not world.accounts.available.any()


def test_pilots_get_places_in_their_own_calls(monkeypatch):
    """With two kinds of programme of these names, wherever they stand in the table."""
    kinds = [SimpleNamespace(kind=kind, order=order) for kind, order in (("pilot_county", 44), ("pilot_city", 41))]
    monkeypatch.setattr(base, "catalogue", lambda: SimpleNamespace(programmes=kinds))
    world = small_world()
    AdaptiveReview(0.0, 0.0, 0.7, 5.0).apply(world)
    places = world.governments.centre_places_y
    assert (places[0, 41], places[0, 44], places.sum()) == (0.7, 5.0, 5.7)
    assert world.governments.review_share[0] == 0.0
