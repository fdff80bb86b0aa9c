"""The demonstration lever: each theme its places, ranks by terms of their own; nothing without places of any kind."""

from __future__ import annotations

from dataclasses import fields

import pytest

from sim.catalogue.loader import catalogue
from sim.levers.demonstration_firms import DemonstrationFirms
from tests.levers.contract import RELATIONS, Case
from tests.mechanisms.worlds import small_world

KINDS = [row.kind for row in catalogue().programmes]
THEMES = {
    "province_places_y": "demonstration_firm", "smart_places_y": "smart_manufacturing",
    "green_places_y": "green_factory", "big_data_places_y": "big_data_pilot",
    "hydrogen_cities_y": "hydrogen_pilot_city", "promotion_places_y": "technology_promotion",
    "ip_pilot_places_y": "ip_pilot_firm",
}  # fmt: skip


def lever(**doses):
    neutral = {field.name: 0.0 for field in fields(DemonstrationFirms)}
    return DemonstrationFirms(**(neutral | doses))


CASE = Case(
    lever="demonstration_firms",
    doses={
        "province_places_y": 12.0,
        "nation_places_y": 2.0,
        "smart_places_y": 5.0,
        "smart_national_places_y": 3.0,
        "green_places_y": 6.0,
        "big_data_places_y": 7.0,
        "hydrogen_cities_y": 1.0,
        "promotion_places_y": 4.0,
        "ip_pilot_places_y": 9.0,
        "elimination": 0.05,
        "award": 0.3,
        "budget_y": 40.0,
    },
    writes={
        "government.centre_places_y": {
            "demonstration_firm": 12.0,
            "smart_manufacturing": 5.0,
            "green_factory": 6.0,
            "big_data_pilot": 7.0,
            "hydrogen_pilot_city": 1.0,
            "technology_promotion": 4.0,
            "ip_pilot_firm": 9.0,
        },
        "government.demonstration_places_y": 12.0,
        "government.demonstration_nation_places_y": 2.0,
        "government.smart_nation_places_y": 3.0,
        "government.demonstration_elimination": 0.05,
        "government.demonstration_award": 0.3,
    },
    budget_y=40.0,
)


@pytest.mark.parametrize("relation", RELATIONS)
def test_contract(relation):
    relation(CASE)


def test_the_main_doses_are_those_of_the_catalogue():
    main = {row.dose for row in catalogue().doses.values() if row.lever == "demonstration_firms" and row.main}
    assert main == set(THEMES) | {"nation_places_y", "smart_national_places_y"}


@pytest.mark.parametrize(("dose", "kind"), THEMES.items())
def test_each_theme_adds_to_the_places_of_its_kind(dose, kind):
    world = small_world()
    world.governments.centre_places_y[0, KINDS.index(kind)] = 8.0
    lever(**{dose: 12.0}).apply(world)
    places = world.governments.centre_places_y[0]
    assert places[KINDS.index(kind)] == 20.0
    assert places.sum() == 20.0


@pytest.mark.parametrize(("award", "budget_y"), [(0.3, 0.0), (0.0, 40.0)])
def test_no_award_without_money_and_no_money_without_award(award, budget_y):
    world = small_world()
    lever(province_places_y=12.0, award=award, budget_y=budget_y).apply(world)
    assert world.governments.demonstration_places_y[0] == 12.0
    assert world.governments.demonstration_award[0] == 0.0
    assert not world.accounts.available.any()
