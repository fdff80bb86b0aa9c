"""The alliance lever writes its three terms and its line, and nothing at zero."""

from __future__ import annotations

from sim.levers.alliance_support import AllianceSupport
from tests.mechanisms.worlds import frozen, small_world

TERMS = ("government.alliance_places_y", "government.alliance_amount_y", "government.alliance_requires_work")


def test_zero_writes_nothing():
    world = small_world()
    before = frozen(world)
    AllianceSupport(0.0, 1.0, 4.0, 0.5).apply(world)
    assert frozen(world) == before
    assert not world.accounts.available.any()


def test_it_writes_its_terms_and_appropriates_pro_rata():
    world = small_world("2014Q3")
    before = frozen(world, but=TERMS)
    AllianceSupport(8.0, 1.0, 4.0, 0.5).apply(world)
    assert frozen(world, but=TERMS) == before
    terms = world.governments
    assert (terms.alliance_places_y[0], terms.alliance_amount_y[0], terms.alliance_requires_work[0]) == (4.0, 1.0, 0.5)
    assert world.accounts.left("alliance_support") == 4_000_000 == world.accounts.available.sum()
