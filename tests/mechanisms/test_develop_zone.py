"""The zone: who is paid and how much, who learns, how it saturates, and that only Taiyuan and Jinzhong are in it."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.centre import HOST_INSTITUTE
from sim.catalogue.loader import catalogue
from sim.mechanisms.develop_zone import Params, develop_zone
from tests.mechanisms.few_firms import Said, few, first
from tests.mechanisms.worlds import frozen, params, received

BODY = next(row.order for row in catalogue().programmes if row.kind == "zone_institute")
LINE = "science_city_zone"


def zone(bodies=(), **columns):
    """Four high-tech performers in Taiyuan, Datong, Jinzhong and (without R&D) Taiyuan; bodies at institutes."""
    world = few(4, city=[0, 1, 6, 0], is_high_tech_field=1, has_rd=[1, 1, 1, 0], **columns)
    for kind in (world.universities, world.institutes):
        kind.alive[:] = 1
        kind.city[:] = np.arange(kind.capacity) % 3
        kind.capacity_share[:] = 1.0 / kind.capacity
    n = len(bodies)
    world.centres.add(1 + np.arange(n), programme=np.full(n, BODY), host_kind=HOST_INSTITUTE, host=bodies, tier=2)
    return world


def run(world, **changes):
    develop_zone(world, params(Params, **changes), Said())
    return world


def test_without_money_and_bodies_nothing_changes():
    world = zone()
    before = frozen(world)
    run(world)
    assert frozen(world) == before


def test_before_the_first_body_all_of_the_two_cities_are_paid_by_size():
    world = zone()
    world.accounts.appropriate(LINE, 4_000_000)
    run(world)
    line = world.accounts.number(LINE)
    for kind in (world.universities, world.institutes):
        assert ((kind.received_yuan[:, line] > 0) == (kind.city == 0)).all()
    assert 1_000_000 - 10 <= received(world, LINE) <= 1_000_000, "a quarter of the year's money, rounded down"


def test_bodies_are_paid_by_their_number():
    world = zone(bodies=[0, 0, 3])
    world.accounts.appropriate(LINE, 12_000_000)
    run(world)
    line = world.accounts.number(LINE)
    assert world.institutes.received_yuan[[0, 3], line].tolist() == [2_000_000, 1_000_000]
    assert received(world, LINE) == 3_000_000
    assert world.universities.received_yuan.total().sum() == 0


def test_the_year_ends_with_no_money_left():
    world = zone(bodies=[0, 1, 2])
    world.accounts.appropriate(LINE, 10_000_001)
    for quarter in range(4):
        world.calendar.quarter = quarter
        run(world)
    assert 0 <= world.accounts.left(LINE) < 12


def test_performers_of_the_zone_learn_net_of_what_others_lose():
    world = run(zone(bodies=[0, 3]), gain=0.1, half=2.0, displaced=0.3)
    assert first(world.firms, "learning_gain") == pytest.approx([0.035, 0.0, 0.035, 0.0])


def test_learning_is_concave_in_bodies():
    gains = [run(zone(bodies=[0] * n)).firms.learning_gain[0] for n in (0, 4, 8, 12)]
    steps = np.diff(gains)
    assert (steps > 0.0).all()
    assert (np.diff(steps) < 0.0).all()
    assert gains[-1] < 0.7 * 0.1
