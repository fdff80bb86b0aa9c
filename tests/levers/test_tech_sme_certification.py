"""The certification lever writes places and its line; nothing without places, no money that was not asked for."""

from __future__ import annotations

import pytest

from sim.catalogue.loader import catalogue
from sim.levers.tech_sme_certification import TechSmeCertification
from tests.mechanisms.worlds import frozen, small_world

TERMS = tuple(n for n in catalogue().levers["tech_sme_certification"].acts_on if not n.startswith("budget:"))


def test_zero_places_write_nothing():
    world = small_world()
    before = frozen(world)
    TechSmeCertification(0.0, 15.0).apply(world)
    assert frozen(world) == before
    assert not world.accounts.available.any()


@pytest.mark.parametrize(("start", "yuan"), [("2014Q1", 16_000_000), ("2014Q3", 8_000_000)])
def test_it_writes_what_its_row_says_and_appropriates_once_pro_rata(start, yuan):
    world = small_world(start)
    before = frozen(world, but=TERMS)
    for _ in range(2):
        TechSmeCertification(1500.0, 16.0).apply(world)
    assert frozen(world, but=TERMS) == before
    assert world.governments.tech_sme_places_y[0] == 1500.0
    assert world.accounts.left("tech_sme_certification") == yuan == world.accounts.available.sum()


def test_places_without_money_leave_the_line_empty():
    world = small_world()
    TechSmeCertification(1500.0, 0.0).apply(world)
    assert not world.accounts.available.any()
