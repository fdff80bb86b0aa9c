"""Training: a lottery among small private firms, bounded by places, money and pool; what is learned fades."""

from __future__ import annotations

import numpy as np
import pytest

from sim.mechanisms.train_firms import Params, forget, rows_below, train_firms
from tests.mechanisms.worlds import by_uid, frozen, next_quarter, params, small_world

LINE = "policy_training"


def offer(world, places_y=40.0, yuan=1_000_000):
    world.governments.training_places_y[0] = places_y
    if yuan and world.calendar.is_first_of_year:
        world.accounts.appropriate(LINE, yuan)


def test_without_places_nothing_changes():
    world = small_world()
    before = frozen(world)
    train_firms(world, params(Params), world.draws)
    assert frozen(world) == before


def test_places_fall_due_by_the_quarter_among_small_private_firms_and_are_paid_to_the_yuan():
    world = small_world()
    offer(world)
    train_firms(world, params(Params), world.draws)
    firms = world.firms
    chosen = np.flatnonzero(firms.trained > 0)
    assert len(chosen) == 10
    assert (firms.ownership[chosen] == 2).all()
    assert (firms.size_class[chosen] <= 2).all()
    assert ((firms.has_rd[chosen] != 0) | (firms.is_high_tech_field[chosen] != 0)).all()
    number = world.accounts.number(LINE)
    assert world.accounts.disbursed_q[number] == 10 * 2_000 == world.intermediaries.received_yuan[:, number].sum()
    assert firms.take_up_lift[chosen] == pytest.approx(0.15)
    assert not firms.take_up_lift[firms.trained == 0].any()


def test_training_leaves_with_the_firm():
    trained = np.array([1.0, 1.0, 0.01])
    assert forget(np.array([1, 0, 1], np.uint8), 0.5, trained)
    assert trained.tolist() == [0.5, 0.0, 0.0]
    assert not forget(np.zeros(3, np.uint8), 0.5, trained)


@pytest.mark.parametrize(("yuan", "trained"), [(0, 0), (7_999, 3), (10**9, 10)])
def test_money_bounds_the_courses(yuan, trained):
    world = small_world()
    offer(world, yuan=yuan)
    train_firms(world, params(Params), world.draws)
    assert np.count_nonzero(world.firms.trained) == trained


def test_more_places_than_firms_leave_money_unspent():
    spent = []
    for places_y in (4e3, 4e6):
        world = small_world()
        offer(world, places_y, 10**9)
        train_firms(world, params(Params), world.draws)
        spent.append(int(world.accounts.disbursed_q.sum()))
    assert spent[0] == spent[1] > 0


def test_it_fades_after_the_last_course_and_is_gone_in_the_end():
    world = small_world()
    offer(world)
    p = params(Params, memory_years=1.0)
    train_firms(world, p, world.draws)
    world.governments.training_places_y[0] = 0.0
    left = []
    for _ in range(20):
        world.firms.take_up_lift.fill(0.0)
        train_firms(world, p, world.draws)
        left.append(float(world.firms.take_up_lift.max()))
    assert left[3] == pytest.approx(0.15 * np.exp(-1.0))
    assert left[-1] == 0.0


def test_rows_do_not_matter():
    found = []
    for order in (None, np.random.default_rng(3).permutation(200)):
        world = small_world(order=order)
        for quarter in range(3):
            if quarter:
                next_quarter(world)
            offer(world)
            train_firms(world, params(Params), world.draws)
        found.append(by_uid(world.firms, "trained"))
    assert found[0].any()
    assert (found[0] == found[1]).all()


def test_who_was_trained_of_late_leaves_the_place_to_others():
    world = small_world()
    for quarter, firms in ((0, 1), (1, 0)):
        if quarter:
            next_quarter(world)
        offer(world, 1e6, 10**9)
        train_firms(world, params(Params), world.draws)
        assert bool(world.accounts.disbursed_q.any()) == bool(firms)


def test_the_lowest_lots_come_and_ties_are_left_to_their_uids():
    lots, rows = np.random.default_rng(5).random(300), np.arange(300) * 2
    for number in (1, 7, 150, 299):
        assert rows_below(rows, lots, number).tolist() == sorted(rows[np.argsort(lots)[:number]].tolist())
    assert not len(rows_below(rows[:4], np.array([0.2, 0.5, 0.5, 0.9]), 2))
