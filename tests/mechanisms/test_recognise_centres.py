"""Calls: places by score, the ladder of tiers, the ratio floor, awards within the line, each firm counted once."""

from __future__ import annotations

import numpy as np

from sim.mechanisms.recognise_centres import Params, recognise_centres
from tests.mechanisms.worlds import by_uid, next_quarter, params, received, small_world

LINE = "centre_recognition"


def scored_world(start="2014Q4", order=None):
    world = small_world(start, "2021Q4", order=order)
    world.firms.centre_score[:] = np.where(world.firms.alive != 0, 100.0 * world.firms.sales_y / 1000.0, 0.0)
    return world


def call(world, city=0.0, province=0.0, nation=0.0, award=0.0, budget=0, **changes):
    world.governments.centre_places_y[0, :3] = (city, province, nation)
    world.governments.centre_award[0] = award
    if budget:
        world.accounts.appropriate(LINE, budget)
    recognise_centres(world, params(Params, **changes), world.draws)


def year_later(world):
    for _ in range(4):
        next_quarter(world)
        world.centres.age_q[world.centres.alive != 0] += 1


def consistent(world):
    """Every tier of a firm has its one centre, and back."""
    rows = world.centres.rows()
    hosts = world.centres.host[rows]
    assert len(set(hosts.tolist())) == len(hosts)
    assert np.array_equal(world.firms.centre_tier[hosts], world.centres.tier[rows])
    assert np.array_equal(world.centres.programme[rows], world.centres.tier[rows] - 1)
    assert np.count_nonzero(world.firms.centre_tier) == len(rows)


def test_city_places_go_to_the_best_of_those_who_may_enter():
    world = scored_world()
    call(world, city=10, noise=0.0)
    firms = world.firms
    may = (firms.alive != 0) & (
        ((firms.is_above_scale != 0) & (firms.size_class >= 2)) | (firms.has_rd_institution != 0)
    )
    best = np.sort(firms.centre_score[may])[::-1][:10]
    assert np.array_equal(np.sort(firms.centre_score[firms.centre_tier == 1])[::-1], best)
    consistent(world)


def test_calls_are_held_in_the_fourth_quarter_only_and_need_places():
    world = scored_world("2014Q3")
    call(world, city=10)
    assert len(world.centres) == 0
    next_quarter(world)
    call(world)
    assert len(world.centres) == 0


def test_the_ladder_takes_its_time_and_a_firm_counts_once():
    world = scored_world()
    call(world, city=30, province=5, nation=3)
    assert set(np.unique(world.firms.centre_tier)) <= {0, 1, 2}, "nobody is national at once"
    first = np.count_nonzero(world.firms.centre_tier == 2)
    year_later(world)
    call(world, city=10, province=10, nation=3, national_rd=0.0)
    assert np.count_nonzero(world.firms.centre_tier == 2) > first
    assert not (world.firms.centre_tier == 3).any(), "two years as a provincial centre come first"
    consistent(world)
    year_later(world)
    call(world, nation=3, national_rd=0.0)
    assert np.count_nonzero(world.firms.centre_tier == 3) == min(3, first)
    consistent(world)


def test_a_floor_for_the_ratio_keeps_firms_out_and_exemption_lets_them_in():
    world, floored = scored_world(), scored_world()
    for w in (world, floored):
        call(w, city=60)
        year_later(w)
    floored.firms.ratio_floor[:] = 0.03
    for w in (world, floored):
        call(w, province=40)
    firms = floored.firms
    ratio = firms.rd_reported_1y / np.maximum(firms.sales_1y, 1e-9)
    assert (ratio[firms.centre_tier == 2] >= 0.03).all()
    assert np.count_nonzero(firms.centre_tier == 2) < np.count_nonzero(world.firms.centre_tier == 2)
    assert (world.firms.rd_reported_1y[world.firms.centre_tier == 2] > 0).all(), "no provincial centre without R&D"


def test_awards_are_paid_to_new_provincial_centres_until_the_line_is_empty():
    world = scored_world()
    call(world, city=40)
    year_later(world)
    call(world, province=8, award=0.5, budget=1_700_000)
    assert np.count_nonzero(world.firms.centre_tier == 2) == 8
    assert received(world, LINE) == 3 * 500_000 == world.accounts.disbursed_q[world.accounts.number(LINE)]


def test_rows_do_not_matter():
    worlds = [scored_world(), scored_world(order=np.random.default_rng(3).permutation(200))]
    for world in worlds:
        for _ in range(3):
            call(world, city=20, province=8, nation=2, award=0.2, budget=2_000_000, national_rd=0.0)
            year_later(world)
    assert np.array_equal(by_uid(worlds[0].firms, "centre_tier"), by_uid(worlds[1].firms, "centre_tier"))
    assert np.array_equal(by_uid(worlds[0].centres, "host_uid"), by_uid(worlds[1].centres, "host_uid"))
    assert (worlds[0].firms.centre_tier == 3).any()
