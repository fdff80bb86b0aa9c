"""Mobility: leave ends, founds firms and costs research; posts tie firms in reach; openness rises with the share."""

from __future__ import annotations

import numpy as np
import pytest

from sim.mechanisms.move_researchers import AWAY, Params, choose, move_researchers
from tests.mechanisms.few_firms import Said, few, first, tell
from tests.mechanisms.worlds import by_uid, frozen, params, small_world


def bodies(**columns):
    world = few(3, **({"has_rd": 1, "city": 0} | columns))
    for kind in (world.universities, world.institutes):
        tell(kind, rd_q=10.0, rd_staff=100.0, city=0)
    return world


def allow(world, leave=0.0, part_time=0.0, inventor=0.0):
    for name, value in (("leave_share", leave), ("part_time_share", part_time), ("inventor_share", inventor)):
        world.governments[name][0] = value


def quarter(world, said=None, **changes):
    for kind in (world.firms, world.universities, world.institutes):
        kind.neutralise()
    world.governments.entry_factor[0] = 1.0
    tell(world.universities, rd_q=10.0)
    tell(world.institutes, rd_q=10.0)
    move_researchers(world, params(Params, **changes), said or Said())
    world.calendar.quarter += 1


def test_without_any_share_nothing_changes():
    world = bodies()
    before = frozen(world)
    move_researchers(world, params(Params), None)
    assert frozen(world) == before
    assert AWAY not in world.indices


def test_leave_lasts_twelve_quarters_founds_firms_and_costs_own_research():
    world = bodies()
    allow(world, leave=0.04)
    usual = 12500 * 0.1
    quarter(world, found_y=0.1, n_small_tech=12500, entry_small_y=0.1)
    assert world.indices[AWAY].sum() == pytest.approx(0.01)
    assert world.governments.entry_factor[0] == pytest.approx(1.0 + 0.1 * 0.01 * 1400 / usual)
    assert first(world.universities, "rd_q") == pytest.approx([9.9] * 6)
    for _ in range(3):
        quarter(world)
    allow(world)
    away = []
    for _ in range(12):
        quarter(world)
        away.append(world.indices[AWAY].sum())
    assert away[7] == pytest.approx(0.04)
    assert away[8] == pytest.approx(0.03)
    assert away[11] == 0.0
    assert world.governments.entry_factor[0] == 1.0
    assert first(world.universities, "rd_q") == [10.0] * 6


def test_staff_on_leave_has_a_ceiling():
    world = bodies()
    allow(world, leave=1.0)
    for _ in range(13):
        quarter(world, largest_leave=0.05)
        assert world.indices[AWAY].sum() == pytest.approx(0.05), "others go only when some are back"


def test_project_money_is_used_in_full():
    world = bodies()
    line = world.accounts.number("public_research")
    world.universities.received_yuan.record(world.universities.rows(), line, 4_000_000)
    allow(world, leave=0.04)
    quarter(world)
    assert first(world.universities, "rd_q") == pytest.approx([4.0 + 6.0 * 0.99] * 6)


def test_posts_tie_performers_in_reach_and_take_time_from_the_university():
    world = bodies(city=[0, 5, 0], sector=11, has_rd=[1, 1, 0])
    tell(world.universities, field=0)
    allow(world, part_time=0.01)
    quarter(world, Said(mobility__wish=0.001), post_tie=0.5, post_gain=0.04, post_time=0.2)
    assert first(world.firms, "post_quarters") == [8, 0, 0], "another city and field, and no R&D"
    assert first(world.firms, "tie_strength") == [0.5, 0.0, 0.0]
    assert first(world.firms, "learning_gain") == [0.04, 0.0, 0.0]
    body = first(world.firms, "partner_university")[0]
    assert world.universities.rd_q[body] == pytest.approx(10.0 * (1 - 0.2 / 100))
    assert np.delete(world.universities.rd_q, body) == pytest.approx(10.0)
    assert first(world.institutes, "rd_q") == [10.0] * 8


def test_posts_end_and_the_tie_is_no_longer_kept_up():
    world = bodies()
    allow(world, part_time=0.01)
    quarter(world, Said(mobility__wish=0.001), post_quarters=2.0)
    allow(world)
    quarter(world)
    assert first(world.firms, "post_quarters") == [1, 1, 1]
    world.firms.tie_strength[:] = 0.1
    quarter(world)
    assert first(world.firms, "post_quarters") == [0, 0, 0]
    assert first(world.firms, "tie_strength") == pytest.approx([0.1] * 3)
    assert not world.firms.learning_gain.any()


def test_universities_give_no_more_posts_than_their_share_of_staff():
    chosen, free = np.full(4, -1, np.int64), np.array([1, 2, 9])
    choose(np.zeros(4, np.int8), np.zeros(4, np.int8), np.array([0.1, 0.9, 0.5, 0.5]), np.arange(3),
           np.array([0, 0, 7], np.int8), np.full(3, 9, np.int8), free, chosen)  # fmt: skip
    assert chosen.tolist() == [0, 1, 1, -1], "the third is out of reach"
    assert free.tolist() == [0, 0, 9]


def test_openness_rises_less_and_less_with_the_inventors_share():
    lifts = []
    for share in (0.25, 0.5, 1.0):
        world = bodies()
        allow(world, inventor=share)
        quarter(world, largest_lift=0.15, half_share=0.5)
        assert (world.universities.openness_lift == world.institutes.openness_lift[0]).all()
        lifts.append(world.universities.openness_lift[0])
    assert lifts == pytest.approx([0.05, 0.075, 0.1])


def test_rows_do_not_matter():
    worlds = [small_world(), small_world(order=np.random.default_rng(3).permutation(200))]
    for world in worlds:
        allow(world, part_time=0.02)
        for number in range(3):
            world.draws.open_quarter(number)
            move_researchers(world, params(Params, post_wish_y=0.9), world.draws)
    found = [by_uid(world.firms, "partner_university") for world in worlds]
    assert (found[0] >= 0).sum() > 10
    assert np.array_equal(*found)
