"""The programme of key technologies writes projects and amount and its line, and nothing at zero."""

from __future__ import annotations

import pytest

from sim.catalogue.loader import catalogue
from sim.levers.key_technology_programme import KeyTechnologyProgramme
from tests.mechanisms.worlds import frozen, small_world

TERMS = tuple(name for name in catalogue().levers["key_technology_programme"].acts_on if not name.startswith("budget:"))


@pytest.mark.parametrize("doses", [(0.0, 33.0, 3.0), (100.0, 0.0, 3.0), (100.0, 33.0, 0.0)])
def test_zero_writes_nothing(doses):
    world = small_world()
    before = frozen(world)
    KeyTechnologyProgramme(*doses).apply(world)
    assert frozen(world) == before
    assert not world.accounts.appropriated_year.any()


@pytest.mark.parametrize(("start", "part"), [("2014Q1", 4), ("2014Q2", 3), ("2014Q4", 1)])
def test_it_writes_what_its_row_says_and_appropriates_once_pro_rata(start, part):
    world = small_world(start)
    before = frozen(world, but=TERMS)
    for _ in range(2):
        KeyTechnologyProgramme(100.0, 33.0, 3.0).apply(world)
    assert frozen(world, but=TERMS) == before
    assert [world.governments[name.split(".")[1]][0] for name in TERMS] == [33.0, 3.0]
    assert not any(world.governments[name.split(".")[1]][1:].any() for name in TERMS)
    assert world.accounts.left("key_technology_programme") == part * 25_000_000 == world.accounts.available.sum()


def test_a_scaled_run_has_its_part_of_the_money_and_the_same_terms():
    world = small_world()
    world.scale = 8
    KeyTechnologyProgramme(100.0, 33.0, 3.0).apply(world)
    assert world.accounts.left("key_technology_programme") == 12_500_000
    assert [world.governments[name.split(".")[1]][0] for name in TERMS] == [33.0, 3.0]
