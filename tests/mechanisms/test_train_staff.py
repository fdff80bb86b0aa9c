"""Training: money, teachers and places bound it; people join after the course and leave; more of them add less."""

from __future__ import annotations

import numpy as np
import pytest

from sim.mechanisms.price_talent import added_staff
from sim.mechanisms.train_staff import Params, shared_out, train_staff
from tests.mechanisms.few_firms import few
from tests.mechanisms.worlds import params, received

LINE = "skills_training"
PLAIN = {"price": 0.02, "course_quarters": 2.0, "places_per_staff": 2.0, "join_share": 0.5, "largest_share": 1e9,
         "leave_y": 0.0}  # fmt: skip


def school(million=8.0, places=400.0):
    world = few(3)
    world.universities.capacity_share[:] = [0.5, 0.3, 0.2, 0.0, 0.0, 0.0]
    world.governments.training_places_y[0] = places
    world.accounts.appropriate(LINE, int(million * 1e6))
    return world


def go(world, quarters, **changes):
    for _ in range(quarters):
        train_staff(world, params(Params, **(PLAIN | changes)), None)
        world.calendar.quarter += 1
    return float(world.indices["trained_staff"][0])


def test_without_places_nothing_is_written():
    world = school(places=0.0)
    train_staff(world, params(Params), None)
    assert "trained_staff" not in world.indices
    assert world.accounts.left(LINE) == 8_000_000


def test_places_are_paid_to_universities_by_size():
    world = school()
    go(world, 1)
    line = world.accounts.number(LINE)
    assert world.universities.received_yuan[:3, line].tolist() == [1_000_000, 600_000, 400_000]
    assert received(world, LINE) == world.accounts.disbursed_q[line] == 2_000_000


def test_people_join_after_the_course_and_are_supply():
    world = school()
    assert [go(world, 1) for _ in range(4)] == pytest.approx([0.0, 0.0, 50.0, 100.0])
    assert added_staff(world) == pytest.approx(100.0)


def test_the_trained_leave_when_training_ends():
    world = school()
    before = go(world, 4)
    world.governments.training_places_y[0] = 0.0
    after = go(world, 6, leave_y=0.15)
    assert after < 200.0
    assert before == pytest.approx(100.0)
    assert go(world, 4, leave_y=0.15) == pytest.approx(after * 0.85)


@pytest.mark.parametrize(("million", "places", "per_staff", "paid"), [
    (8.0, 400.0, 2.0, 100), (16.0, 400.0, 2.0, 100), (4.0, 400.0, 2.0, 50), (80.0, 4000.0, 0.5, 300),
])  # fmt: skip
def test_places_money_and_teachers_bound_the_courses(million, places, per_staff, paid):
    world = school(million, places)
    go(world, 1, places_per_staff=per_staff)
    assert received(world, LINE) == paid * 20_000, "2,400 person-years teach 300 a quarter at one half each"


def test_more_trained_staff_adds_less():
    few_trained, many = school(), school()
    many.indices["trained_staff"] = np.array([3000.0])
    rise = [go(w, 4, largest_share=1.0) - start for w, start in ((few_trained, 0.0), (many, 3000.0))]
    assert 0.0 < rise[1] < 0.6 * rise[0]


def test_places_are_whole_sum_up_and_break_ties_by_uid():
    assert shared_out(5, np.array([0.5, 0.3, 0.2]), np.array([1, 2, 3])).tolist() == [3, 1, 1]
    assert shared_out(1, np.array([0.5, 0.5]), np.array([9, 4])).tolist() == [0, 1]
    assert shared_out(3, np.zeros(2), np.array([1, 2])).sum() == 3
