"""Joint research: bids need a partner, both sides are paid to the yuan, a project leaves a tie and a contract."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.firm import LARGE
from sim.mechanisms.fund_joint_research import Params, body_in_reach, fund_joint_research
from tests.mechanisms.few_firms import Said, few, first
from tests.mechanisms.worlds import by_uid, next_quarter, params, received, small_world

LINE = "joint_research_fund"
PLAIN = {"apply_small": 0.5, "apply_large": 0.5, "noise": 0.0, "city_reach": 1.0, "field_reach": 0.5, "tie_step": 0.5,
         "find_partner": 0.25, "firm_part": 0.6}  # fmt: skip
FIRM = {"has_rd": 1, "rd_intended_q": 1.0, "size_class": LARGE}
ALL = {"joint__apply": 0.1, "joint__find": 0.9}


def fund(world, budget=0, size=1.0, said=None, **changes):
    world.governments.joint_project_size[0] = size
    if budget:
        world.accounts.appropriate(LINE, budget)
    fund_joint_research(world, params(Params, **(PLAIN | changes)), Said(**(ALL | (said or {}))))
    line = world.accounts.number(LINE)
    assert received(world, LINE) == world.accounts.disbursed_q[line]
    return [kind.received_yuan[kind.rows(), line].tolist() for kind in (world.firms, world.universities)]


def test_firm_and_university_are_paid_in_their_parts_in_four_instalments():
    world = few(2, partner_university=[2, -1], tie_strength=[0.2, 0.0], **FIRM)
    for quarter in range(5):
        firms, bodies = fund(world, 3_000_000 if quarter == 0 else 0, size=0.0 if quarter else 1.0)
        assert firms == ([150_000, 0] if quarter < 4 else [0, 0]), "the second has no partner"
        assert bodies == ([0, 0, 100_000, 0, 0, 0] if quarter < 4 else [0] * 6)
        assert world.firms.upgrade_demand[0] == pytest.approx(0.4 if quarter < 4 else 0.0)
        next_quarter(world)
        world.firms.upgrade_demand[:] = 0.0
    assert world.firms.tie_strength[0] == pytest.approx(0.7)


def test_two_firms_of_one_university_are_summed():
    _, bodies = fund(few(2, partner_university=1, **FIRM), 3_000_000)
    assert bodies == [0, 200_000, 0, 0, 0, 0]


def test_places_go_to_merit_as_far_as_the_line_reaches_and_no_further_than_the_bids():
    world = few(3, partner_university=0, quality=[0.0, 2.0, 1.0], **FIRM)
    assert fund(world, 2_500_000)[0] == [0, 150_000, 150_000]
    world = few(3, partner_university=0, **FIRM)
    assert fund(world, 90_000_000)[0] == [150_000] * 3


def test_the_alliance_brings_a_partner_and_its_institute_is_paid_on_the_same_line():
    world = few(1, **FIRM)
    world.alliances.add([1], members=[[0] + [-1] * 23], institute=[3])
    fund(world, 3_000_000)
    assert world.institutes.received_yuan[3, world.accounts.number(LINE)] == 100_000
    assert first(world.firms, "partner_university") == [-1]


def test_some_bidders_find_a_university_in_reach_and_are_tied_to_it():
    world = few(2, city=[0, 9], sector=[11, 11], **FIRM)
    world.universities.city[:], world.universities.field[:] = [0, 0, 1, 1, 1, 1], 5
    firms, bodies = fund(world, 9_000_000, said={"joint__find": 0.1, "joint__partner": 0.01})
    assert firms == [150_000, 0], "nobody is in reach of the second"
    assert bodies[0] == 100_000
    assert first(world.firms, "partner_university") == [0, -1]
    assert first(world.firms, "tie_strength") == pytest.approx([0.5, 0.0])
    reach = body_in_reach(world, params(Params, **PLAIN), np.array([0, 0]), np.array([0.001, 0.999]))
    assert reach.tolist() == [0, 1]


def test_who_stops_or_dies_is_not_paid_and_small_performers_cannot_bid():
    world = few(3, partner_university=0, has_rd=1, size_class=LARGE, rd_intended_q=[1.0, 1.0, 0.1])
    assert fund(world, 9_000_000)[0] == [150_000, 150_000, 0]
    next_quarter(world)
    world.firms.has_rd[0] = 0
    assert fund(world, size=0.0)[0] == [0, 150_000, 0]


def test_without_a_size_nothing_is_called():
    assert fund(few(1, partner_university=0, **FIRM), 3_000_000, size=0.0)[0] == [0]


def test_rows_decide_nothing():
    found = []
    for order in (None, np.arange(200)[::-1]):
        world = small_world(order=order)
        world.firms.rd_intended_q[:] = world.firms.rd_reported_1y
        world.governments.joint_project_size[0] = 0.5
        world.accounts.appropriate(LINE, 8_000_000)
        fund_joint_research(world, params(Params), world.draws)
        received_by = world.universities.received_yuan[:, world.accounts.number(LINE)]
        found.append((by_uid(world.firms, "received_yuan").sum(axis=1), by_uid(world.firms, "partner_university")))
        assert received_by.sum() > 0
    np.testing.assert_array_equal(*found)
