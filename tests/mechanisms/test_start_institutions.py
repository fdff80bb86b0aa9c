"""Institutions: founded by performers, closed sooner without R&D, and held by about two thirds of performers."""

from __future__ import annotations

import numpy as np

from sim.mechanisms.start_institutions import Params, change, start_institutions
from tests.mechanisms.worlds import by_uid, next_quarter, params, small_world


def test_performers_found_with_a_low_draw_and_close_with_a_high_one():
    institution = np.array([0, 0, 0, 1, 1, 1], np.uint8)
    has_rd = np.array([1, 0, 1, 1, 0, 1], np.uint8)
    change(np.arange(6), has_rd, np.array([0.05, 0.05, 0.5, 0.95, 0.95, 0.995]), 0.1, 0.01, 0.08,
           np.zeros(6), institution)  # fmt: skip
    assert institution.tolist() == [1, 0, 0, 1, 0, 0]


def test_a_duty_lets_firms_without_rd_found_one_and_adds_to_the_others():
    institution = np.zeros(4, np.uint8)
    u = np.array([0.15, 0.15, 0.3, 0.05])
    change(np.arange(4), np.array([1, 0, 1, 0], np.uint8), u, 0.1, 0.0, 0.0, np.array([0.4, 0.4, 0.4, 0.0]),
           institution)  # fmt: skip
    # 1 - 0.6^(1/4) = 0.12 a quarter; with 0.1 of its own 0.208
    assert institution.tolist() == [1, 0, 0, 0]


def test_about_two_thirds_of_performers_hold_one_in_the_long_run():
    world = small_world("2011Q1", "2060Q4", n=1500)
    world.firms.can_innovate[:] = 1
    random = np.random.default_rng(5)
    for quarter in range(60):
        start_institutions(world, params(Params), world.draws)
        next_quarter(world)
        if quarter % 4 == 3:  # every tenth performer stops and another firm starts, as in the panel facts
            active = world.firms.has_rd.nonzero()[0]
            idle = np.flatnonzero((world.firms.alive != 0) & (world.firms.has_rd == 0))
            number = len(active) // 8
            world.firms.has_rd[random.choice(active, number, replace=False)] = 0
            world.firms.has_rd[random.choice(idle, number, replace=False)] = 1
    share = world.firms.has_rd_institution[world.firms.has_rd == 1].mean()
    assert 0.6 < share < 0.8


def test_a_token_activity_founds_no_institution_but_a_duty_does():
    world = small_world()
    world.firms.can_innovate[:] = 0
    world.firms.has_rd[:] = world.firms.alive
    world.firms.has_rd_institution[:] = 0
    start_institutions(world, params(Params, found_y=0.999), world.draws)
    assert not world.firms.has_rd_institution.any()
    world.firms.institution_lift[:5] = 0.999999
    start_institutions(world, params(Params, found_y=0.0), world.draws)
    assert world.firms.has_rd_institution[:5].sum() >= 4
    assert not world.firms.has_rd_institution[5:].any()


def test_rows_do_not_matter():
    worlds = [small_world(), small_world(order=np.random.default_rng(3).permutation(200))]
    for world in worlds:
        for _ in range(4):
            start_institutions(world, params(Params), world.draws)
            next_quarter(world)
    assert np.array_equal(by_uid(worlds[0].firms, "has_rd_institution"), by_uid(worlds[1].firms, "has_rd_institution"))
