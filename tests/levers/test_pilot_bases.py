"""The lever of pilot bases writes their places and its line; nothing without bases."""

from __future__ import annotations

import pytest

from sim.catalogue.loader import catalogue
from sim.levers.pilot_bases import PilotBases
from tests.mechanisms.worlds import frozen, small_world

TERMS = tuple(n for n in catalogue().levers["pilot_bases"].acts_on if not n.startswith("budget:"))
KINDS = [row.kind for row in catalogue().programmes]


def test_a_neutral_main_dose_writes_nothing():
    world = small_world()
    before = frozen(world)
    PilotBases(0.0, 40.0).apply(world)
    assert frozen(world) == before
    assert not world.accounts.available.any()


@pytest.mark.parametrize(("start", "yuan"), [("2014Q1", 40_000_000), ("2014Q3", 20_000_000)])
def test_it_writes_what_its_row_says_and_appropriates_once_pro_rata(start, yuan):
    world = small_world(start)
    before = frozen(world, but=TERMS)
    PilotBases(5.0, 40.0).apply(world)
    assert frozen(world, but=TERMS) == before
    assert world.governments.centre_places_y[0, KINDS.index("pilot_base")] == 5.0
    assert world.governments.centre_places_y.sum() == 5.0
    assert world.accounts.left("pilot_bases") == yuan == world.accounts.available.sum()
    PilotBases(5.0, 40.0).apply(world)
    assert world.accounts.left("pilot_bases") == yuan, "once a year"
