"""The talent lever writes package and teams and its line; nothing without money."""

from __future__ import annotations

import pytest

from sim.catalogue.loader import catalogue
from sim.levers.talent_programme import TalentProgramme
from tests.levers.contract import RELATIONS, Case
from tests.mechanisms.worlds import small_world

CASE = Case(
    lever="talent_programme",
    doses={"budget_y": 40.0, "package": 0.5, "teams_y": 4.0},
    writes={"government.talent_package": 0.5, "government.centre_places_y": {"talent_team": 4.0}},
    budget_y=40.0,
    neutral=[{"budget_y": 0.0}],
)


@pytest.mark.parametrize("relation", RELATIONS)
def test_contract(relation):
    relation(CASE)


def test_teams_are_places_of_their_programme_and_money_without_a_package_stays():
    world = small_world()
    TalentProgramme(40.0, 0.0, 4.0).apply(world)
    number = next(row.order for row in catalogue().programmes if row.kind == "talent_team")
    assert world.governments.centre_places_y[0, number] == 4.0 == world.governments.centre_places_y.sum()
    assert world.governments.talent_package[0] == 0.0
