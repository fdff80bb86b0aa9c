"""Elite projects: strong firms only, paid by the quarter within the line, and worth most at a middle distance."""

from __future__ import annotations

import numpy as np
import pytest

from sim.mechanisms.partner_elite import Params, partner_elite, value_of
from tests.mechanisms.worlds import by_uid, frozen, next_quarter, params, received, small_world

LINE = "elite_partnering"


def offer(world, projects_y=16.0, amount=2.0, yuan=40_000_000):
    world.governments.elite_projects_y[0] = projects_y
    world.governments.elite_amount[0] = amount
    if yuan and world.calendar.is_first_of_year:
        world.accounts.appropriate(LINE, yuan)


def run(world, quarters, **keywords):
    for quarter in range(quarters):
        if quarter:
            next_quarter(world)
        world.firms.learning_gain.fill(0.0)
        world.firms.upgrade_demand.fill(0.0)
        offer(world, **keywords)
        partner_elite(world, params(Params), world.draws)
        assert received(world, LINE) == world.accounts.disbursed_q[world.accounts.number(LINE)]
    return world


def test_without_a_programme_nothing_changes():
    world = small_world()
    before = frozen(world)
    partner_elite(world, params(Params), world.draws)
    assert frozen(world) == before


def test_gain_is_an_inverted_u_in_distance():
    gain = np.zeros(5)
    value_of(np.zeros(5), np.array([0.0, 0.25, 0.5, 0.75, 1.0]), 0.5, 0.2, gain)
    assert gain == pytest.approx([0.0, 0.15, 0.2, 0.15, 0.0])


def test_projects_go_to_above_scale_performers_with_an_institution_and_bring_gain_and_demand():
    world = run(small_world(), 1)
    firms = world.firms
    chosen = np.flatnonzero(firms.elite_quarters > 0)
    assert len(chosen) == 4
    assert (firms.is_above_scale[chosen] * firms.has_rd[chosen] * firms.has_rd_institution[chosen] == 1).all()
    assert received(world, LINE) == 4 * 250_000
    assert firms.upgrade_demand[chosen] == pytest.approx(0.6 * 2.0 * 2.0 / 2.0)  # share x (1 + own) x amount / years
    assert (firms.learning_gain == np.where(firms.elite_quarters > 0, firms.elite_gain, 0.0)).all()
    assert firms.learning_gain.max() > 0.0
    assert not world.universities.n_projects.any()
    assert firms.knowledge[chosen].mean() > 2.0 * firms.knowledge[firms.has_rd != 0].mean()


def test_a_project_ends_after_its_time_and_firms_run_one_at_a_time():
    world = run(small_world(), 16, projects_y=400.0, yuan=10**9)
    firms = world.firms
    able = (firms.is_above_scale != 0) & (firms.has_rd != 0) & (firms.has_rd_institution != 0) & (firms.alive != 0)
    number = world.accounts.number(LINE)
    assert received(world, LINE) == np.count_nonzero(able) * 250_000, "the pool bounds the projects, not the money"
    assert world.accounts.left(LINE) > 0
    assert (firms.received_yuan[:, number] <= 250_000).all()
    assert firms.elite_quarters.max() <= 8


def test_the_line_bounds_what_begins_and_nothing_begins_that_cannot_be_paid_to_the_years_end():
    world = run(small_world(), 4, yuan=2_100_000)
    assert world.accounts.left(LINE) == 100_000
    assert np.count_nonzero(world.firms.elite_quarters) == 2


def test_projects_stop_with_the_programme():
    world = run(small_world(), 2)
    world.governments.elite_amount[0] = 0.0
    world.firms.learning_gain.fill(0.0)
    partner_elite(world, params(Params), world.draws)
    assert not world.firms.elite_quarters.any()
    assert not world.firms.learning_gain.any()


def test_rows_do_not_matter():
    found = []
    for order in (None, np.random.default_rng(3).permutation(200)):
        world = run(small_world(order=order), 5)
        found.append([by_uid(world.firms, name) for name in ("elite_quarters", "learning_gain", "upgrade_demand")])
    assert found[0][0].any()
    assert all((a == b).all() for a, b in zip(*found, strict=True))


def test_a_project_is_paid_for_its_time_and_not_longer():
    world = run(small_world("2014Q1", "2029Q4"), 1)
    began = np.flatnonzero(world.firms.elite_quarters > 0)
    paid = []
    for _ in range(8):
        next_quarter(world)
        offer(world, projects_y=1e-9)
        partner_elite(world, params(Params), world.draws)
        paid.append(int(np.count_nonzero(world.firms.received_yuan[began].any(axis=1))))
    assert paid == [4] * 7 + [0]
