"""The campaign's queues and ledger: served from the top, by group, and never fewer with more helpers."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.campaign import CHANGZHI, HOST, LEDGER, attention, book_month, effort_of, kinds_shown, open_book, roll
from sim.catalogue.loader import catalogue
from tests.mechanisms.few_firms import few, tell

GROUPS = np.array([0, 1, 0, 0, 1, 2])
EVERYONE = np.ones(6, bool)


@pytest.mark.parametrize(
    ("capacity", "expected"),
    [((0, 0, 0), [0, 0, 0, 0, 0, 0]), ((1, 1, 1), [1, 1, 0, 0, 0, 1]), ((2.25, 0.5, 9), [1, 0.5, 1, 0.25, 0, 1])],
)
def test_the_first_of_each_group_are_served(capacity, expected):
    assert attention(GROUPS, EVERYONE, np.array(capacity, float)).tolist() == expected


def test_who_does_not_wait_takes_no_place():
    waits = np.array([False, True, True, True, False, False])
    assert attention(GROUPS, waits, np.array([1.0, 1.0, 1.0])).tolist() == [0, 1, 1, 0, 0, 0]


def test_more_capacity_and_fewer_in_the_queue_never_give_anyone_less():
    random = np.random.default_rng(3)
    for _ in range(200):
        groups, waits = random.integers(0, 3, 12), random.random(12) < 0.7
        capacity = 4.0 * random.random(3)
        fewer = waits & (random.random(12) < 0.8)
        less, more = attention(groups, waits, capacity), attention(groups, fewer, capacity + random.random(3))
        assert (more[fewer] >= less[fewer]).all()


def test_effort_is_that_of_the_city_times_intensity_and_scaled():
    world = few(1)
    world.governments.campaign_intensity[HOST] = 0.5
    world.governments.campaign_officials[HOST] = 120.0
    world.governments.campaign_pressure[HOST] = 0.4
    world.scale = 8
    effort = effort_of(world)
    assert (effort.intensity, effort.officials, effort.teams, effort.pressure) == (0.5, 7.5, 0.0, 0.4)
    assert world.governments.city[HOST] == CHANGZHI
    assert catalogue().cities[CHANGZHI].city == "Changzhi"


def test_kinds_are_counted():
    assert kinds_shown(np.array([0, 1, 2, 5, 31, 63], np.uint8)).tolist() == [0, 1, 1, 2, 5, 6]


def test_the_roll_holds_firms_of_the_city_by_size_and_those_with_a_mark():
    world = few(5, city=[CHANGZHI, CHANGZHI, 0, CHANGZHI, CHANGZHI], is_above_scale=[1, 1, 1, 0, 0],
                sales_1y=[30.0, 50.0, 90.0, 15.0, 10.0])  # fmt: skip
    assert roll(world).tolist() == [1, 0]
    tell(world.firms, campaign_bits=[0, 0, 0, 8, 0], campaign_advice=[0.0, 0.0, 0.0, 0.0, 0.1])
    assert roll(world).tolist() == [1, 0, 3, 4]


def test_a_month_is_booked_by_county():
    world = few(3)
    open_book(world, ("one", "two"))
    counted = dict.fromkeys(LEDGER, np.array([True, True, False])) | {"listed": np.array([False, True, True])}
    book_month(world, 2020, 6, counted, np.array([0, 1, 1]))
    book = open_book(world, ("forgotten",))
    assert book["counties"] == ("one", "two")
    assert book["months"] == [(2020, 6)]
    assert book["ledger"][0][:, LEDGER.index("firms")].tolist() == [1, 1]
    assert book["ledger"][0][:, LEDGER.index("listed")].tolist() == [0, 2]


def test_twelve_counties_have_a_weight_each_and_two_names():
    rows = catalogue().counties
    assert len(rows) == len({row.county for row in rows}) == 12
    assert all(row.name_zh[-1] in "县区" for row in rows)
    assert [row.category for row in catalogue().structure["county_share_changzhi"]] == [row.county for row in rows]
    assert catalogue().table("county_share_changzhi").sum() == pytest.approx(1.0)
