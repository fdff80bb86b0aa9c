"""Recruiting: packages, pool and hosts bound it, some only change place, talent leaves, and is idle without R&D."""

from __future__ import annotations

import numpy as np
import pytest

from sim.mechanisms.recruit_talent import Params, gains, leave, recruit_talent
from tests.mechanisms.few_firms import Said, few, first, tell
from tests.mechanisms.worlds import by_uid, params, received, small_world

LINE = "talent_programme"
SURE = {"public_share": 0.0, "inside_share": 0.0, "noise": 0.0, "leave_y": 0.0, "idle_leave_y": 0.0, "pool_y": 400.0,
        "reference_package": 1.0}  # fmt: skip


def offer(world, million=4.0, package=1.0):
    world.governments.talent_package[0] = package
    world.accounts.appropriate(LINE, int(million * 1e6))


def performers(n=3, **columns):
    columns = {"has_rd": 1, "rd_actual_q": 1.0, "rd_staff": 40.0, "knowledge": list(range(n, 0, -1))} | columns
    world = few(n, **columns)
    for kind in (world.universities, world.institutes):
        tell(kind, rd_q=1.0)
    return world


def test_without_a_package_nothing_changes_and_nobody_is_drawn():
    world = performers(talent=[2.0, 0.0, 0.0])
    world.accounts.appropriate(LINE, 4_000_000)
    recruit_talent(world, params(Params), None)
    assert first(world.firms, "talent") == [2.0, 0.0, 0.0]
    assert not world.firms.learning_gain.any()
    assert world.accounts.left(LINE) == 4_000_000


def test_a_quarter_of_the_money_settles_people_with_the_best_hosts():
    world = performers(knowledge=[1.0, 3.0, 2.0])
    offer(world, 8.0)
    recruit_talent(world, params(Params, **SURE), Said())
    assert first(world.firms, "talent") == [0.0, 1.0, 1.0]
    assert received(world, LINE) == 2_000_000 == world.accounts.disbursed_q[world.accounts.number(LINE)]
    assert first(world.firms, "learning_gain")[1] == pytest.approx((1 + 3 / 40) ** 0.3 - 1)


def test_only_performers_host_and_only_up_to_their_quota():
    world = performers(4, has_rd=[1, 0, 1, 1], rd_actual_q=[0.0, 1.0, 1.0, 1.0], talent=[0, 0, 4.0, 0])
    offer(world, 40.0)
    recruit_talent(world, params(Params, **SURE), Said())
    assert first(world.firms, "talent") == [0.0, 0.0, 4.0, 1.0]
    assert received(world, LINE) == 1_000_000, "what no host can take is not spent"


def test_the_pool_bounds_what_money_can_buy_and_rises_with_the_package():
    hired = {}
    for package, million in ((1.0, 50.0), (1.0, 100.0), (2.0, 200.0)):
        world = performers(60)
        offer(world, million, package)
        recruit_talent(world, params(Params, **(SURE | {"pool_y": 40.0})), Said())
        hired[package, million] = world.firms.talent.sum()
    assert hired == {(1.0, 50.0): 10, (1.0, 100.0): 10, (2.0, 200.0): 20}


def test_a_part_goes_to_public_bodies_and_lifts_their_filings():
    world = performers()
    offer(world, 8.0)
    recruit_talent(world, params(Params, **(SURE | {"public_share": 1.0})), Said())
    assert world.firms.talent.sum() == 0
    bodies = (world.universities, world.institutes)
    assert sum(kind.talent.sum() for kind in bodies) == 2
    assert received(world, LINE) == 2_000_000
    for kind in bodies:
        assert ((kind.filing_factor > 1.0) == (kind.talent > 0)).all()


def test_who_was_in_the_province_before_is_paid_for_and_adds_nothing():
    world = performers()
    offer(world, 12.0)
    recruit_talent(world, params(Params, **(SURE | {"inside_share": 0.6})), Said(talent__origin=0.5))
    assert received(world, LINE) == 3_000_000
    assert not world.firms.talent.any()


def test_whole_people_leave_and_faster_where_research_has_stopped():
    talent = np.array([9.0, 10.0, 10.0, 0.0])
    leave(np.arange(1, 4), talent, np.array([1, 1, 0, 1], np.uint8), np.full(3, 0.5), 0.1, 0.5)
    assert talent.tolist() == [9.0, 9.0, 5.0, 0.0]


def test_after_the_programme_the_stock_falls_by_the_leaving_hazard():
    world = performers(200, talent=50.0, rd_staff=1000.0)
    world.notes["talent_recruited"] = True
    for quarter in range(4):
        world.draws.open_quarter(quarter)
        recruit_talent(world, params(Params), world.draws)
    assert world.firms.talent.sum() == pytest.approx(10_000 * 0.88, rel=0.01)


def test_the_gain_saturates_and_needs_research():
    found = gains(np.arange(4), np.array([0.0, 1.0, 5.0, 50.0]), np.full(4, 30.0), 3.0, 0.5, 0.3)
    assert found == pytest.approx([0.0, 1.1**0.3 - 1, 1.5**0.3 - 1, 1.5**0.3 - 1])
    world = performers(2, has_rd=[1, 0], talent=1.0)
    world.notes["talent_recruited"] = True
    recruit_talent(world, params(Params, **SURE), Said())
    gain = first(world.firms, "learning_gain")
    assert gain[0] > 0.0 == gain[1]


def test_rows_do_not_matter():
    worlds = [small_world(), small_world(order=np.random.default_rng(3).permutation(200))]
    for world in worlds:
        world.firms.rd_actual_q[:] = world.firms.rd_reported_q
        for kind in (world.universities, world.institutes):
            kind.rd_q[:] = 1.0
        offer(world, 60.0)
        for quarter in range(3):
            world.calendar.quarter = quarter
            world.draws.open_quarter(quarter)
            recruit_talent(world, params(Params), world.draws)
    talent = [by_uid(world.firms, "talent") for world in worlds]
    assert talent[0].sum() > 5
    assert np.array_equal(*talent)
    assert np.array_equal(worlds[0].universities.talent, worlds[1].universities.talent)
