"""The training lever writes places and its line; nothing without places, no course without money."""

from __future__ import annotations

import pytest

from sim.catalogue.loader import catalogue
from sim.levers.skills_training import SkillsTraining
from tests.mechanisms.worlds import frozen, small_world

TERMS = tuple(name for name in catalogue().levers["skills_training"].acts_on if not name.startswith("budget:"))


@pytest.mark.parametrize("doses", [(0.0, 20.0, 40.0), (0.0, 0.0, 0.0)])
def test_zero_main_doses_write_nothing(doses):
    world = small_world()
    before = frozen(world)
    SkillsTraining(*doses).apply(world)
    assert frozen(world) == before
    assert not world.accounts.available.any()


@pytest.mark.parametrize(("start", "yuan"), [("2014Q1", 40_000_000), ("2014Q3", 20_000_000)])
def test_it_writes_what_its_row_says_and_appropriates_once_pro_rata(start, yuan):
    world = small_world(start)
    before = frozen(world, but=TERMS)
    for _ in range(2):
        SkillsTraining(*(800.0, 0.0, 40.0)).apply(world)
    assert frozen(world, but=TERMS) == before
    assert [float(world.governments[name][0]) for name in ("training_places_y",)] == [800.0]
    assert world.accounts.left("skills_training") == yuan == world.accounts.available.sum()


def test_a_scaled_run_has_its_part_of_the_money_and_the_same_terms():
    world = small_world()
    world.scale = 8
    SkillsTraining(*(800.0, 0.0, 40.0)).apply(world)
    assert world.accounts.left("skills_training") == 5_000_000
    assert [float(world.governments[name][0]) for name in ("training_places_y",)] == [800.0]


def test_no_course_without_money():
    world = small_world()
    SkillsTraining(800.0, 0.0, 0.0).apply(world)
    assert world.governments.training_places_y[0] == 0.0


def test_entrepreneurs_are_places_of_their_programme():
    numbers = [row.order for row in catalogue().programmes if row.kind == "innovative_entrepreneur"]
    if not numbers:
        pytest.skip("the programme has no row yet")
    world = small_world()
    SkillsTraining(800.0, 20.0, 0.0).apply(world)
    assert world.governments.centre_places_y[0, numbers[0]] == 20.0 == world.governments.centre_places_y.sum()
