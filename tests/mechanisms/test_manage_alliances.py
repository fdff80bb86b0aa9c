"""Alliances end, are paid, work and rise; members gain from work, and nobody gains from paper."""

from __future__ import annotations

import numpy as np
import pytest

from sim.mechanisms.manage_alliances import (
    Params,
    dissolve,
    manage_alliances,
    promote,
    run_projects,
    share_gains,
)
from tests.mechanisms.worlds import by_uid, next_quarter, params, received, small_world

LINE = "alliance_support"


def with_alliances(number=8, order=None, paper=0, supported=1, **keywords):
    """A small world with alliances of four firms each, in the order of the firms' uids."""
    world = small_world(order=order, **keywords)
    row_of = np.zeros(1000, np.int64)
    row_of[world.firms.uid[world.firms.rows()]] = world.firms.rows()
    for a in range(number):
        uids = np.full((1, 24), -1, np.int64)
        uids[0, :4] = 1 + (7 * a + np.arange(4)) % 200
        members = np.where(uids >= 0, row_of[uids], -1)
        world.alliances.add(
            world.alliances.new_uids(1), members=members, member_uids=uids, lead=members[0, 0], n_members=4, tier=2,
            value=0.0 if paper else 0.8, is_paper=paper, is_supported=supported, university=a % 6, institute=a % 8,
        )  # fmt: skip
    return world


def run(world, quarters, amount=0.0, budget=0, **changes):
    for quarter in range(quarters):
        if quarter:
            next_quarter(world)
        world.governments.alliance_amount_y[0] = amount
        if world.calendar.is_first_of_year:
            world.accounts.appropriate(LINE, budget)
        for kind in (world.universities, world.institutes):
            kind.n_projects.fill(0)
        manage_alliances(world, params(Params, **changes), world.draws)


def test_paper_ends_sooner_work_later_and_two_firms_are_the_least():
    tier, age = np.full(4, 2, np.int8), np.zeros(4, np.int32)
    flags, u = np.ones(4, np.uint8), np.full(4, 0.05)
    dissolve(flags, np.array([4, 4, 4, 1], np.int32), np.array([0, 1, 0, 0], np.uint8),
             np.array([0, 0, 2, 0], np.int32), age, u, 0.15, 2.0, 0.3, tier)  # fmt: skip
    assert tier.tolist() == [2, -1, 2, -1]
    assert age.tolist() == [1, 1, 1, 1]
    u = np.full(4, 0.035)  # between the quarterly hazards with (0.027) and without (0.040) joint work
    tier[:] = 2
    dissolve(flags, np.full(4, 4, np.int32), np.zeros(4, np.uint8), np.array([0, 0, 2, 2], np.int32), age, u,
             0.15, 2.0, 0.3, tier)  # fmt: skip
    assert tier.tolist() == [-1, -1, 2, 2]


def test_projects_run_down_start_with_value_and_fail_one_at_a_time():
    left = np.array([[2, 1, 0, 0], [5, 5, 0, 0], [0, 0, 0, 0]], np.int8)
    number = np.zeros(3, np.int32)
    flags, calm = np.ones(3, np.uint8), np.ones(3)
    run_projects(flags, np.zeros(3, np.uint8), np.array([0.0, 0.0, 1.0]), np.zeros(3, np.int64), left, number,
                 np.array([0.1, 0.1, 0.1]), np.array([0.0, 0.0, 0.999]), np.array([1.0, 0.0, 1.0]), 0.8, 0.25, 6, 12,
                 0.05)  # fmt: skip
    assert number.tolist() == [1, 1, 1]
    assert left.tolist() == [[1, 0, 0, 0], [0, 4, 0, 0], [0, 0, 0, 12]]
    run_projects(flags, flags, np.ones(3), np.ones(3, np.int64), left, number, np.zeros(3), calm, calm, 0.8, 0.25, 6,
                 12, 0.05)  # fmt: skip
    assert number.tolist() == [0, 1, 1], "paper alliances start nothing"


def test_gains_add_up_with_diminishing_returns_and_need_work():
    ties, gain = np.zeros(3, np.int8), np.zeros(3)
    members = np.array([[0, 1], [1, -1], [2, -1]], np.int32)
    share_gains(np.arange(3), members, np.array([0.8, 0.8, 0.8]), np.array([1, 1, 0], np.int32),
                1.0, ties, gain)  # fmt: skip
    assert ties.tolist() == [1, 2, 1]
    assert gain == pytest.approx([0.4, 1.0 - 0.6 * 0.6, 0.0])


def test_old_alliances_of_value_become_national():
    tier = np.full(3, 2, np.int8)
    promote(np.ones(3, np.uint8), np.zeros(3, np.uint8), np.array([1.0, 1.0, 0.1]), np.array([8, 4, 8], np.int32),
            np.full(3, 0.1), 0.15, 8.0, tier)  # fmt: skip
    assert tier.tolist() == [3, 2, 2]


def test_support_is_paid_to_the_lead_in_order_and_spread_over_the_year():
    world = with_alliances(8)
    run(world, 1, amount=1.0, budget=5_000_000)
    assert received(world, LINE) == 5 * 250_000 == world.accounts.disbursed_q[world.accounts.number(LINE)]
    paid = by_uid(world.alliances, "support_yuan")
    assert paid.tolist() == [250_000] * 5 + [0] * 3
    firms = world.firms.received_yuan[:, world.accounts.number(LINE)]
    assert set(np.flatnonzero(firms)) == set(world.alliances.lead[world.alliances.support_yuan > 0].tolist())


def test_members_who_leave_make_room_and_the_next_one_leads():
    world = with_alliances(2)
    first = int(world.alliances.lead[0])
    world.firms.alive[first] = 0
    world.firms.place(np.array([first]), [999], {})  # a firm that takes the row of another is no member
    run(world, 1, dissolve_y=0.0)
    assert world.alliances.n_members[0] == 3
    assert world.alliances.lead[0] == world.alliances.members[0][1]
    assert world.firms.n_alliances[first] == 0


def test_half_of_the_alliances_last_between_four_and_eight_years_and_paper_does_not():
    alive = {}
    for paper in (0, 1):
        world = with_alliances(400, paper=paper)
        run(world, 16)
        after_four = len(world.alliances)
        run(world, 16)
        alive[paper] = (after_four / 400, len(world.alliances) / 400)
    assert alive[0][0] > 0.5 > alive[0][1]
    assert alive[1][0] < 0.35


def test_rows_do_not_matter():
    worlds = [with_alliances(), with_alliances(order=np.random.default_rng(3).permutation(200))]
    for world in worlds:
        run(world, 10, amount=1.0, budget=4_000_000)
    for name in ("n_alliances", "alliance_benefit", "received_yuan"):
        assert np.array_equal(by_uid(worlds[0].firms, name), by_uid(worlds[1].firms, name)), name
    assert worlds[0].firms.alliance_benefit.max() > 0.0
    assert np.array_equal(
        by_uid(worlds[0].alliances, "project_quarters"), by_uid(worlds[1].alliances, "project_quarters")
    )
