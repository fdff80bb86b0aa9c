"""The talent lever writes package and teams and its line; nothing without money."""

from __future__ import annotations

import pytest

from sim.catalogue.loader import catalogue
from sim.levers.talent_programme import TalentProgramme
from tests.mechanisms.worlds import frozen, small_world

TERMS = tuple(name for name in catalogue().levers["talent_programme"].acts_on if not name.startswith("budget:"))


@pytest.mark.parametrize("doses", [(0.0, 1.0, 5.0), (0.0, 0.0, 0.0)])
def test_zero_main_doses_write_nothing(doses):
    world = small_world()
    before = frozen(world)
    TalentProgramme(*doses).apply(world)
    assert frozen(world) == before
    assert not world.accounts.available.any()


@pytest.mark.parametrize(("start", "yuan"), [("2014Q1", 40_000_000), ("2014Q3", 20_000_000)])
def test_it_writes_what_its_row_says_and_appropriates_once_pro_rata(start, yuan):
    world = small_world(start)
    before = frozen(world, but=TERMS)
    for _ in range(2):
        TalentProgramme(*(40.0, 0.5, 4.0)).apply(world)
    assert frozen(world, but=TERMS) == before
    assert [float(world.governments[name][0]) for name in ("talent_package",)] == [0.5]
    assert world.accounts.left("talent_programme") == yuan == world.accounts.available.sum()


def test_a_scaled_run_has_its_part_of_the_money_and_the_same_terms():
    world = small_world()
    world.scale = 8
    TalentProgramme(*(40.0, 0.5, 4.0)).apply(world)
    assert world.accounts.left("talent_programme") == 5_000_000
    assert [float(world.governments[name][0]) for name in ("talent_package",)] == [0.5]


def test_teams_are_places_of_their_programme_and_money_without_a_package_stays():
    world = small_world()
    TalentProgramme(40.0, 0.0, 4.0).apply(world)
    number = next(row.order for row in catalogue().programmes if row.kind == "talent_team")
    assert world.governments.centre_places_y[0, number] == 4.0 == world.governments.centre_places_y.sum()
    assert world.governments.talent_package[0] == 0.0
