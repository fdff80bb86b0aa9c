"""The training lever writes places and its line; nothing without places, no course without money."""

from __future__ import annotations

import pytest

from sim.catalogue.loader import catalogue
from sim.levers.skills_training import SkillsTraining
from tests.levers.contract import RELATIONS, Case
from tests.mechanisms.worlds import small_world

CASE = Case(
    lever="skills_training",
    doses={"places_y": 800.0, "entrepreneurs_y": 20.0, "budget_y": 40.0},
    writes={"government.training_places_y": 800.0, "government.centre_places_y": {"innovative_entrepreneur": 20.0}},
    budget_y=40.0,
    neutral=[{"places_y": 0.0, "entrepreneurs_y": 0.0}],
)


@pytest.mark.parametrize("relation", RELATIONS)
def test_contract(relation):
    relation(CASE)


def test_no_course_without_money():
    world = small_world()
    SkillsTraining(800.0, 0.0, 0.0).apply(world)
    assert world.governments.training_places_y[0] == 0.0


def test_entrepreneurs_are_places_of_their_programme():
    number = catalogue().programme("innovative_entrepreneur")
    world = small_world()
    SkillsTraining(800.0, 20.0, 0.0).apply(world)
    assert world.governments.centre_places_y[0, number] == 20.0 == world.governments.centre_places_y.sum()
