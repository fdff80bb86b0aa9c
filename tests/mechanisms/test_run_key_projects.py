"""Key technologies: places and money bound the call, instalments run for years, real R&D decides on success."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.firm import LARGE, SMALL
from sim.mechanisms.run_key_projects import COMPLETED, RUNNING, Params, run_key_projects
from tests.mechanisms.few_firms import Said, few, first
from tests.mechanisms.worlds import by_uid, next_quarter, params, received, small_world

LINE = "key_technology_programme"
PLAIN = {"noise": 0.0, "knowledge_merit": 0.5, "centre_merit": 0.5, "duration": 8.0, "success_share": 0.5,
         "product_success": 0.3, "lead_years": 4.0}  # fmt: skip
FIRM = {"has_rd": 1, "size_class": LARGE, "rd_actual_q": 1.0}


def run(world, budget=0, projects_y=10.0, amount=8.0, u=0.3, **changes):
    world.governments.key_projects_y[0] = projects_y
    world.governments.key_amount[0] = amount
    if budget:
        world.accounts.appropriate(LINE, budget)
    run_key_projects(world, params(Params, **(PLAIN | changes)), Said(key__success=u))
    line = world.accounts.number(LINE)
    assert received(world, LINE) == world.accounts.disbursed_q[line]
    return world.firms.received_yuan[world.firms.rows(), line].tolist()


def through(world, quarters=9, budget=4_000_000, rd=2.0, **keywords):
    """One call, then quarters without a new one and with the given R&D; the quarters in which something was paid."""
    paid = [run(world, budget, projects_y=1.0, **keywords)]
    world.firms.rd_actual_q[:] = rd
    for _ in range(quarters - 1):
        next_quarter(world)
        world.firms.success_factor[:] = 1.0
        if world.calendar.is_first_of_year and budget:
            world.accounts.appropriate(LINE, budget)
        paid.append(run(world, projects_y=0.0, **keywords))
    return paid


def tiers(world):
    return world.centres.tier[world.centres.rows()].tolist()


def test_the_strongest_are_chosen_by_merit_knowledge_and_centre():
    merit = {"quality": [0.0, 1.0, 0.0, 0.0], "knowledge": [0.0, 0.0, 100.0, 0.0], "centre_tier": [0, 0, 0, 3]}
    assert run(few(4, **merit, **FIRM), 12_000_000, projects_y=1.0) == [0, 0, 1_000_000, 0]
    assert run(few(4, **merit, **FIRM), 12_000_000, projects_y=2.0) == [0, 0, 1_000_000, 1_000_000]


def test_small_idle_and_dead_firms_and_those_with_a_project_are_left_out():
    world = few(4, **(FIRM | {"size_class": [SMALL, LARGE, LARGE, LARGE], "has_rd": [1, 0, 1, 1]}))
    world.firms.alive[2] = 0
    assert run(world, 40_000_000) == [0, 0, 1_000_000]
    for _ in range(4):
        next_quarter(world)
    assert run(world, 40_000_000) == [0, 0, 1_000_000]
    assert first(world.firms, "key_quarters") == [0, 0, 6], "no second project beside the first"


@pytest.mark.parametrize(("budget", "started"), [(7_900_000, 1), (8_000_000, 2), (90_000_000, 3)])
def test_money_bounds_the_call_until_nobody_else_is_eligible(budget, started):
    world = few(3, **FIRM)
    run(world, budget)
    assert np.count_nonzero(world.firms.key_quarters) == started == len(tiers(world))


def test_running_projects_come_first_in_the_next_year():
    world = few(3, **FIRM)
    run(world, 4_000_000)
    for _ in range(4):
        next_quarter(world)
    run(world, 8_000_000)
    assert sorted(first(world.firms, "key_quarters")) == [0, 4 + 2, 7]


def test_instalments_run_for_two_years_and_success_is_counted_and_fades():
    world = few(1, **FIRM)
    paid = through(world)
    assert paid == [[1_000_000]] * 8 + [[0]]
    assert tiers(world) == [COMPLETED]
    assert world.firms.success_factor[0] == pytest.approx(1.3)
    next_quarter(world)
    world.firms.success_factor[:] = 1.0
    run(world, projects_y=0.0)
    assert 1.25 < world.firms.success_factor[0] < 1.3


def test_a_project_without_the_real_work_fails_more_often():
    # usual R&D 1 and money 1 a quarter ask for 16; who carries out 8 has half the chance: 0.25
    for rd, u, ended in ((2.0, 0.45, [COMPLETED]), (1.0, 0.45, []), (1.0, 0.2, [COMPLETED]), (2.0, 0.55, [])):
        world = few(1, **FIRM)
        through(world, rd=rd, u=u)
        assert tiers(world) == ended
        assert world.firms.key_needed[0] == 0.0


def test_without_money_instalments_lapse_but_the_project_ends():
    world = few(1, **FIRM)
    run(world, 4_000_000, projects_y=1.0)
    assert tiers(world) == [RUNNING]
    for _ in range(8):
        next_quarter(world)
        run(world, projects_y=0.0)
    assert tiers(world) == []


def test_one_call_a_year_and_a_late_start_has_its_part_of_the_places():
    world = few(12, "2014Q3", **FIRM)
    run(world, 90_000_000, projects_y=8.0)
    assert np.count_nonzero(world.firms.key_quarters) == 4
    next_quarter(world)
    run(world, projects_y=8.0)
    assert np.count_nonzero(world.firms.key_quarters) == 4


def test_rows_decide_nothing():
    found = []
    for order in (None, np.arange(200)[::-1]):
        world = small_world(order=order)
        world.governments.key_projects_y[0], world.governments.key_amount[0] = 9.0, 2.0
        world.accounts.appropriate(LINE, 6_000_000)
        run_key_projects(world, params(Params), world.draws)
        found.append((by_uid(world.firms, "received_yuan").sum(axis=1), by_uid(world.centres, "host_uid")))
    for one, other in zip(*found, strict=True):
        np.testing.assert_array_equal(one, other)
    assert np.count_nonzero(found[0][0]) == 6
