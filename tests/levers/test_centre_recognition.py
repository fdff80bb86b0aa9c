"""The centre lever writes places, floors, removal and awards, and nothing without any place."""

from __future__ import annotations

import numpy as np
import pytest

from sim.catalogue.loader import catalogue
from tests.levers.contract import RELATIONS, Case
from tests.mechanisms.worlds import small_world

OTHERS = catalogue().programmes[3:]

CASE = Case(
    lever="centre_recognition",
    doses={"budget_y": 10.0, "city_places_y": 40.0, "province_places_y": 20.0, "nation_places_y": 3.0,
           "platform_pace": 1.0, "ratio_floor": 0.015, "ratio_floor_2020": 0.025, "elimination": 0.05, "award": 0.5},
    writes={
        "government.centre_places_y": {"etc_city": 40.0, "etc_province": 20.0, "etc_nation": 3.0}
        | {row.kind: row.historical_pace_y for row in OTHERS if row.start_year <= 2014},
        "government.centre_award": 0.5,
        "government.centre_elimination": 0.05,
        "government.centre_ratio_weight": 1.0,
        "firm.ratio_floor": 0.015,
    },
    budget_y=10.0,
)  # fmt: skip


@pytest.mark.parametrize("relation", RELATIONS)
def test_contract(relation):
    relation(CASE)


@pytest.mark.parametrize("pace", [0.5, 2.0])
def test_other_platforms_follow_their_pace_from_their_year(pace):
    world = small_world("2015Q1")
    CASE.applied(world, platform_pace=pace)
    for number, row in enumerate(OTHERS, start=3):
        expected = pace * row.historical_pace_y if row.start_year <= 2015 else 0.0
        assert world.governments.centre_places_y[0, number] == pytest.approx(expected), row.kind


def test_from_2020_the_floor_rises_for_all_but_energy_firms():
    world = small_world("2020Q1")
    CASE.applied(world)
    energy = world.firms.is_energy != 0
    assert (world.firms.ratio_floor[energy] == 0.015).all()
    assert (world.firms.ratio_floor[~energy] == 0.025).all()
    assert energy.any()
    assert not energy.all()


def test_no_award_without_money_and_no_money_without_award():
    for changes in ({"budget_y": 0.0}, {"award": 0.0}):
        world = small_world()
        CASE.applied(world, **changes)
        assert not world.accounts.available.any()
        assert world.governments.centre_award[0] == 0.0
        assert np.count_nonzero(world.governments.centre_places_y[0]) > 3
