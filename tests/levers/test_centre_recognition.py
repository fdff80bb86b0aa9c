"""The centre lever writes places, floors, removal and awards, and nothing without any place."""

from __future__ import annotations

import numpy as np
import pytest

from sim.catalogue.loader import catalogue
from sim.levers.centre_recognition import CentreRecognition
from tests.mechanisms.worlds import frozen, small_world

TERMS = (
    "government.centre_places_y",
    "government.centre_award",
    "government.centre_elimination",
    "government.centre_ratio_weight",
    "firm.ratio_floor",
)


def lever(**changes):
    doses = {"budget_y": 10.0, "city_places_y": 40.0, "province_places_y": 20.0, "nation_places_y": 3.0,
             "platform_pace": 1.0, "ratio_floor": 0.015, "ratio_floor_2020": 0.025, "elimination": 0.05,
             "award": 0.5}  # fmt: skip
    return CentreRecognition(**(doses | changes))


def test_zero_writes_nothing():
    world = small_world()
    before = frozen(world)
    lever(city_places_y=0.0, province_places_y=0.0, nation_places_y=0.0, platform_pace=0.0).apply(world)
    assert frozen(world) == before
    assert not world.accounts.available.any()


def test_it_writes_its_terms_and_nothing_else():
    world = small_world()
    before = frozen(world, but=TERMS)
    lever().apply(world)
    assert frozen(world, but=TERMS) == before
    terms = world.governments
    assert terms.centre_places_y[0, :3].tolist() == [40.0, 20.0, 3.0]
    assert not terms.centre_places_y[1:].any()
    assert terms.centre_elimination[0] == 0.05
    assert terms.centre_award[0] == 0.5
    assert terms.centre_ratio_weight[0] == 1.0
    assert (world.firms.ratio_floor == 0.015).all()
    assert world.accounts.left("centre_recognition") == 10_000_000


@pytest.mark.parametrize("pace", [0.5, 2.0])
def test_other_platforms_follow_their_pace_from_their_year(pace):
    world = small_world("2015Q1")
    lever(platform_pace=pace).apply(world)
    for number, row in enumerate(catalogue().programmes[3:], start=3):
        expected = pace * row.historical_pace_y if row.start_year <= 2015 else 0.0
        assert world.governments.centre_places_y[0, number] == pytest.approx(expected), row.kind


def test_from_2020_the_floor_rises_for_all_but_energy_firms():
    world = small_world("2020Q1")
    lever().apply(world)
    energy = world.firms.is_energy != 0
    assert (world.firms.ratio_floor[energy] == 0.015).all()
    assert (world.firms.ratio_floor[~energy] == 0.025).all()
    assert energy.any()
    assert not energy.all()


def test_no_award_without_money_and_no_money_without_award():
    for changes in ({"budget_y": 0.0}, {"award": 0.0}):
        world = small_world()
        lever(**changes).apply(world)
        assert not world.accounts.available.any()
        assert world.governments.centre_award[0] == 0.0
        assert np.count_nonzero(world.governments.centre_places_y[0]) > 3
