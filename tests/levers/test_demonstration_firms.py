"""The demonstration lever: each theme its places, ranks by terms of their own; nothing without places of any kind."""

from __future__ import annotations

from dataclasses import fields

import pytest

from sim.catalogue.loader import catalogue
from sim.levers.demonstration_firms import DemonstrationFirms
from tests.mechanisms.worlds import frozen, small_world

TERMS = tuple(n for n in catalogue().levers["demonstration_firms"].acts_on if not n.startswith("budget:"))
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


def test_without_places_nothing_is_written():
    world = small_world()
    before = frozen(world)
    lever(elimination=0.1, award=0.3, budget_y=40.0).apply(world)
    assert frozen(world) == before
    assert not world.accounts.available.any()


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


@pytest.mark.parametrize(("start", "yuan"), [("2014Q1", 40_000_000), ("2014Q3", 20_000_000)])
def test_it_writes_what_its_row_says_and_appropriates_once_pro_rata(start, yuan):
    world = small_world(start)
    before = frozen(world, but=TERMS)
    lever(nation_places_y=2.0, smart_national_places_y=3.0, elimination=0.05, award=0.3, budget_y=40.0).apply(world)
    lever(smart_national_places_y=3.0, award=0.3, budget_y=40.0).apply(world)
    assert frozen(world, but=TERMS) == before
    assert world.governments.smart_nation_places_y[0] == 3.0
    assert world.governments.demonstration_award[0] == 0.3
    assert world.accounts.left("demonstration_firms") == yuan == world.accounts.available.sum()


@pytest.mark.parametrize(("award", "budget_y"), [(0.3, 0.0), (0.0, 40.0)])
def test_no_award_without_money_and_no_money_without_award(award, budget_y):
    world = small_world()
    lever(province_places_y=12.0, award=award, budget_y=budget_y).apply(world)
    assert world.governments.demonstration_places_y[0] == 12.0
    assert world.governments.demonstration_award[0] == 0.0
    assert not world.accounts.available.any()
