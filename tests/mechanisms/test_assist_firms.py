"""Assistance: only firms that could begin, best first, by mentors, teams, officials; bounded, paid, and it fades."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.policy_network import EXPERT_TEAM, MENTOR, OFFICIAL
from sim.agents.world import World
from sim.mechanisms.assist_firms import Params, act, assist_firms, grow_old, match, promise
from tests.mechanisms.worlds import by_uid, frozen, next_quarter, params, small_world

LINE = "assistance_matching"
HELP = ("start_lift", "institution_lift")


def world_of(order=None, able=True):
    world = small_world(order=order)
    quality = np.random.default_rng(5).normal(size=200)
    world.firms.quality[world.firms.rows()] = quality[world.firms.uid[world.firms.rows()] - 1]
    world.firms.can_innovate[:] = able
    return world


def assist(world, officials=0.0, teams=0.0, mentors=0.0, yuan=10**9, **changes):
    for name, number in (("officials", officials), ("teams", teams), ("mentors", mentors)):
        world.governments[f"help_{name}"][0] = number
    if yuan and world.calendar.is_first_of_year and not world.accounts.appropriated_year.any():
        world.accounts.appropriate(LINE, yuan)
    for name in HELP:
        world.firms[name].fill(0.0)
    world.firms.cost_factor.fill(1.0)
    assist_firms(world, params(Params, **changes), world.draws)
    paid = sum(int(kind.received_yuan.of(world.accounts.number(LINE)).sum()) for kind in world.payees)
    assert paid == world.accounts.disbursed_q[world.accounts.number(LINE)]
    return world


def count(world, kind):
    return int(np.count_nonzero(world.firms.adviser == kind))


def test_without_helpers_nothing_changes():
    world = world_of()
    before = frozen(world)
    assist_firms(world, params(Params), world.draws)
    assert frozen(world) == before


def test_a_mentor_of_the_sector_comes_first_then_a_team_then_an_official_then_nobody():
    given = np.zeros(6, np.int8)
    match(np.array([0, 0, 1, 1, 0, 0]), np.array([0, 1, 2, 2]), np.array([1, 5]), given)
    assert given.tolist() == [MENTOR, EXPERT_TEAM, MENTOR, EXPERT_TEAM, OFFICIAL, 0]


def test_helpers_bound_the_firms_and_the_most_promising_come_first():
    world = assist(world_of(), officials=2.0, teams=1.0)
    firms = world.firms
    assert (count(world, OFFICIAL), count(world, EXPERT_TEAM), count(world, MENTOR)) == (6, 8, 0)
    could = np.flatnonzero((firms.alive != 0) & (firms.is_above_scale != 0) & (firms.has_rd == 0))
    best = could[np.argsort(-firms.quality[could])]
    assert set(np.flatnonzero(firms.adviser == EXPERT_TEAM)) == set(best[:8])
    assert set(np.flatnonzero(firms.adviser == OFFICIAL)) == set(best[8:14])


def test_mentors_are_performers_of_the_sector_each_with_few_pupils():
    world = assist(world_of(), mentors=1000.0)
    firms, number = world.firms, world.accounts.number(LINE)
    able = (firms.is_above_scale * firms.has_rd * firms.has_rd_institution * firms.alive) != 0
    for sector in range(12):
        teachers = np.count_nonzero(able & (firms.sector == sector))
        assert np.count_nonzero((firms.adviser == MENTOR) & (firms.sector == sector)) <= 2 * teachers
    paid = np.flatnonzero(firms.received_yuan[:, number])
    assert len(paid) > 0
    assert able[paid].all()
    assert set(firms.received_yuan[paid, number].tolist()) <= {7_500, 15_000}


def test_each_pupil_is_paid_to_a_mentor_of_its_sector_the_first_mentors_to_the_full(monkeypatch):
    """Fewer helpers than seats, so that some mentors teach two, one sector's last perhaps one, others none."""
    true, paid = World.pay, {}

    def pay(self, line, payees, rows, yuan):
        if payees is self.firms:
            paid.update(zip(rows.tolist(), yuan.tolist(), strict=True))
        true(self, line, payees, rows, yuan)

    monkeypatch.setattr(World, "pay", pay)
    world = world_of()
    world.firms.has_rd_institution[world.firms.has_rd == 1] = 1
    firms = assist(world, mentors=9.0).firms
    able = np.flatnonzero(firms.is_above_scale * firms.has_rd * firms.has_rd_institution * firms.alive)
    for sector in range(12):
        pupils = np.count_nonzero((firms.adviser == MENTOR) & (firms.sector == sector))
        teachers = able[firms.sector[able] == sector]
        order = teachers[np.lexsort((firms.uid[teachers], -firms.knowledge[teachers]))]
        full, rest = divmod(pupils, 2)
        expected = dict.fromkeys(order[:full].tolist(), 15_000) | dict.fromkeys(order[full:][:rest].tolist(), 7_500)
        assert {row: yuan for row, yuan in paid.items() if firms.sector[row] == sector} == expected
    assert set(paid.values()) == {7_500, 15_000}


def test_nobody_is_helped_who_could_not_begin():
    world = assist(world_of(able=False), officials=100.0, teams=100.0, mentors=100.0)
    assert not world.firms.adviser.any()
    assert not world.accounts.disbursed_q.any()


def test_more_helpers_than_firms_leave_money_unspent():
    spent = [int(assist(world_of(), officials=n).accounts.disbursed_q.sum()) for n in (1e3, 1e5)]
    assert spent[0] == spent[1] > 0


def test_who_is_paid_and_that_nothing_begins_that_the_line_cannot_pay_to_the_years_end():
    world = assist(world_of(), teams=100.0, yuan=200_000)
    assert count(world, EXPERT_TEAM) == 3, "60,000 a firm and year"
    assert world.universities.received_yuan.total().sum() == 45_000
    officials = assist(world_of(), officials=1.0)
    assert officials.governments.received_yuan.total().sum() == 3 * 2_500
    helped = np.flatnonzero(officials.firms.adviser)
    cities = np.flatnonzero(officials.governments.received_yuan.total())
    assert set(officials.governments.city[cities].tolist()) == set(officials.firms.city[helped].tolist())


def test_help_is_worth_more_in_promising_firms_and_works_on_starts_costs_and_institutions():
    assert promise(np.array([-30.0, 0.0, 30.0])) == pytest.approx([0.0, 1.0, 2.0])
    start, institution, cost = np.zeros(3), np.zeros(3), np.ones(3)
    act(np.ones(3, np.uint8), np.array([0, 1, 0], np.uint8), np.array([2, 2, 0], np.int8), np.array([0.5, 2.0, 1.0]),
        0.05, 0.03, 0.1, start, institution, cost)  # fmt: skip
    assert start == pytest.approx([0.025, 0.1, 0.0]), "nothing to start without an adviser"
    assert institution == pytest.approx([0.015, 0.06, 0.03])
    assert cost == pytest.approx([1.0, 0.9, 1.0])


def test_help_ends_and_its_practices_fade_until_they_are_gone():
    adviser, quarters, effect = np.array([1, 2], np.int8), np.array([1, 3], np.int8), np.array([1.0, 1.0])
    grow_old(np.ones(2, np.uint8), adviser, quarters, effect, 0.9)
    assert adviser.tolist() == [0, 2]
    assert effect == pytest.approx([0.9, 1.0])
    for _ in range(200):
        grow_old(np.ones(2, np.uint8), adviser, quarters, effect, 0.9)
    assert not effect.any()


def test_after_the_programme_help_stops_but_practices_last_a_while():
    world = assist(world_of(), officials=5.0)
    institutions = float(world.firms.institution_lift.sum())
    for _ in range(2):
        next_quarter(world)
        world.accounts.available.fill(0)
        assist(world, yuan=0)
        assert not world.firms.adviser.any()
        assert not world.firms.start_lift.any()
    assert 0.9 < float(world.firms.institution_lift.sum()) / institutions < 1.0


def test_pupils_lose_their_mentors_when_these_stop():
    world = assist(world_of(), mentors=1000.0)
    assert count(world, MENTOR) > 0
    next_quarter(world)
    world.firms.has_rd.fill(0)
    assist(world, mentors=1000.0)
    assert count(world, MENTOR) == 0


def test_rows_do_not_matter():
    found = []
    for order in (None, np.random.default_rng(3).permutation(200)):
        world = world_of(order)
        for quarter in range(4):
            if quarter:
                next_quarter(world)
            assist(world, officials=3.0, teams=2.0, mentors=4.0)
        names = ("adviser", "adviser_quarters", "assistance_effect", "start_lift")
        found.append([by_uid(world.firms, name) for name in names] + [world.universities.received_yuan[:]])
    assert found[0][0].any()
    assert all((a == b).all() for a, b in zip(*found, strict=True))
