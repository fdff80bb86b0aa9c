"""Pilot bases: own sector, near first, capacity, paid before unpaid, and a plateau once every test is paid."""

from __future__ import annotations

import numpy as np
import pytest

from sim.catalogue.loader import catalogue
from sim.mechanisms import test_at_pilot_bases as step
from tests.mechanisms.few_firms import Said, few, first
from tests.mechanisms.worlds import by_uid, frozen, params, received, small_world

BASE = next(row.order for row in catalogue().programmes if row.kind == "pilot_base")
LINE = "pilot_bases"
KIND = {"capacity_q": 2.0, "test_cost": 0.1, "unpaid_use": 0.5, "success_gain": 0.3, "city_bonus": 1.0}


def world_of(budget=0):
    """Host (sector 5, city 0), three more of its sector (one far, one without R&D) and one of another sector."""
    world = few(5, sector=[5, 5, 5, 5, 2], city=[0, 0, 3, 0, 0], has_rd=[1, 1, 1, 0, 1], quality=[-2.0, 0.0, 0.5, 9, 9])
    world.centres.add([1], programme=BASE, host=0, sector=5, city=0)
    if budget:
        world.accounts.appropriate(LINE, budget)
    return world


def run(world, **changes):
    step.test_at_pilot_bases(world, params(step.Params, **(KIND | changes)), Said())
    return first(world.firms, "success_factor")


def test_without_bases_nothing_changes():
    world = few(3, has_rd=1)
    world.accounts.appropriate(LINE, 1_000_000)
    before = frozen(world)
    step.test_at_pilot_bases(world, params(step.Params), Said())
    assert frozen(world) == before


def test_performers_of_the_sector_by_merit_the_near_ones_first():
    world = world_of(budget=1_000_000)
    assert run(world) == [1.0, 1.3, 1.3, 1.0, 1.0]
    assert world.firms.received_yuan[0, world.accounts.number(LINE)] == 200_000, "the host is paid"
    assert received(world, LINE) == 200_000
    assert run(world_of(budget=1_000_000), capacity_q=1.0) == [1.0, 1.3, 1.0, 1.0, 1.0]
    assert run(world_of(budget=1_000_000), capacity_q=1.0, city_bonus=0.0) == [1.0, 1.0, 1.3, 1.0, 1.0]


def test_unpaid_bases_work_at_a_part_of_their_capacity():
    world = world_of()
    assert run(world) == [1.0, 1.3, 1.0, 1.0, 1.0]
    assert received(world, LINE) == 0


@pytest.mark.parametrize(("budget", "paid", "served"), [(400_000, 1, 2), (800_000, 2, 2), (80_000_000, 2, 2)])
def test_money_beyond_capacity_buys_nothing(budget, paid, served):
    world = world_of(budget=budget)
    assert run(world).count(1.3) == served
    assert received(world, LINE) == paid * 100_000


def test_a_firm_tests_at_one_base():
    world = world_of(budget=10_000_000)
    world.centres.add([2], programme=BASE, host=1, sector=5, city=0)
    assert run(world) == [1.3, 1.3, 1.3, 1.0, 1.0]
    assert received(world, LINE) == 300_000


@pytest.mark.parametrize("paid_tests", [0, 5, 10**6])
def test_bases_list_the_best_of_their_sector_in_turn_ties_by_uid(paid_tests):
    """The lists against plain sorting, with many ties; the money is used up by the first bases."""
    random = np.random.default_rng(11)
    sector, city = random.integers(0, 3, 80).astype(np.int8), random.integers(0, 2, 80).astype(np.int8)
    merit, uids = random.integers(0, 4, 80).astype(float), random.permutation(80) + 1
    bases = np.array([0, 1, 0, 2, 0], np.int8), np.array([0, 1, 1, 0, 0], np.int8)
    served, n_paid = np.zeros(80, np.bool_), np.zeros(5, np.int64)
    step.fill(*bases, sector, city, merit, uids, 0.5, 6.0, 0.4, paid_tests, served, n_paid)
    left, taken, money = list(range(80)), set(), paid_tests
    for base, (its_sector, its_city) in enumerate(zip(*bases, strict=True)):
        mine = [i for i in left if sector[i] == its_sector]
        mine.sort(key=lambda i: (-(merit[i] + 0.5 * (city[i] == its_city)), uids[i]))
        paid = min(len(mine[:6]), money)
        own = min(len(mine[:6]) - paid, int(0.4 * (6 - paid) + 0.5))
        assert n_paid[base] == paid
        taken |= set(mine[: paid + own])
        left, money = [i for i in left if i not in taken], money - paid
    assert set(np.flatnonzero(served).tolist()) == taken


def test_rows_do_not_matter():
    order = np.random.default_rng(3).permutation(200)
    worlds = [small_world(), small_world(order=order)]
    for world, rows in zip(worlds, (np.arange(200), order), strict=True):
        for uid in (4, 9, 14):
            j = rows[uid - 1]
            world.centres.add([uid], programme=BASE, host=j, sector=world.firms.sector[j], city=world.firms.city[j])
        world.accounts.appropriate(LINE, 4_000_000)
        step.test_at_pilot_bases(world, params(step.Params), world.draws)
    assert np.array_equal(by_uid(worlds[0].firms, "success_factor"), by_uid(worlds[1].firms, "success_factor"))
    assert (worlds[0].firms.success_factor > 1.0).any()
