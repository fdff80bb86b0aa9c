"""Alliances form at their pace, within places and ties, with partners at a fitting distance; signatures breed paper."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.partner_race import fitness, race, turned, worth
from sim.mechanisms.form_alliances import Params, form_alliances
from tests.mechanisms.worlds import by_uid, next_quarter, params, small_world


def run(world, quarters, places=0.0, amount=0.0, check=0.0, **changes):
    for quarter in range(quarters):
        if quarter:
            next_quarter(world)
        world.governments.alliance_places_y[0] = places
        world.governments.alliance_amount_y[0] = amount
        world.governments.alliance_requires_work[0] = check
        form_alliances(world, params(Params, **changes), world.draws)


def test_a_partner_is_worth_most_at_the_peak_and_nothing_at_both_ends():
    assert [fitness(d, 0.5) for d in (0.0, 0.25, 0.5, 0.75, 1.0)] == pytest.approx([0, 0.75, 1, 0.75, 0])


def test_the_race_favours_the_fit_the_near_field_the_known_and_the_connected():
    def times(ties=(0, 0, 0), known=(0, 0, 0), brings=(1.0, 1.0, 1.0), paper=False):
        time = np.zeros(3)
        race(np.array(ties, np.int8), np.array([1, 1, 2], np.int8), np.array([0.0, 0.5, 0.5]),
             np.array(known, np.uint8), np.full(3, 0.5), 1, 0.0, 0, paper, 0.5, 0.2, 2.0, 0.5,
             np.array(brings), time)  # fmt: skip
        return time

    plain = times()
    assert plain[0] == np.inf, "a copy of the lead has nothing to add"
    assert plain[2] == pytest.approx(5.0 * plain[1])
    assert times(known=(0, 1, 0))[1] == pytest.approx(plain[1] / 2.0)
    assert times(ties=(0, 3, 0))[1] == pytest.approx(plain[1] / 2.0)
    assert times(brings=(1.0, 3.0, 1.0))[1] == pytest.approx(plain[1] / 3.0)
    assert times(brings=(1.0, 3.0, 1.0), paper=True)[1] == times(paper=True)[1], "a signature asks for no knowledge"


def test_turning_keeps_draws_between_zero_and_one_and_apart():
    turns = [turned(0.37, slot) for slot in range(50)]
    assert min(turns) > 0.0
    assert max(turns) < 1.0
    assert np.diff(np.sort(turns)).min() > 0.001


def test_value_falls_with_the_number_of_members():
    p = params(Params)
    few, many = (
        worth(0.0, np.full(n, 0.5), n + 1, p.distance_peak, p.coordination_cost, p.coordination_exponent)
        for n in (3, 20)
    )
    assert few[0] == many[0] == 0.5
    assert few[1] > many[1] > 0.0


def test_without_places_alliances_start_at_the_hazard():
    world = small_world(n=600)
    able = np.count_nonzero((world.firms.has_rd == 1) & (world.firms.is_above_scale == 1))
    run(world, 40, initiation_y=0.05)
    expected = 0.05 * able * 10
    assert abs(len(world.alliances) - expected) < 4.0 * np.sqrt(expected)
    assert not world.alliances.is_paper.any()
    assert not world.alliances.is_supported.any()


def test_places_are_filled_and_from_the_date_of_plan_d_with_industry_alliances():
    world = small_world("2018Q1")
    run(world, 4, places=4.0, initiation_y=0.0)
    assert len(world.alliances) == 4
    next_quarter(world)
    run(world, 4, places=4.0, initiation_y=0.0)
    rows = world.alliances.rows()
    assert world.alliances.form[rows].tolist() == [0, 0, 0, 0, 1, 1, 1, 1]
    assert world.alliances.is_supported[rows].all()
    assert (world.alliances.tier[rows] == 2).all()


def test_paid_signatures_breed_paper_and_a_check_prevents_it():
    loose, checked = small_world(), small_world()
    run(loose, 8, places=20.0, amount=1.0)
    run(checked, 8, places=20.0, amount=1.0, check=1.0)
    paper = loose.alliances.is_paper[loose.alliances.rows()]
    assert 0.2 < paper.mean() < 0.8
    assert not checked.alliances.is_paper[checked.alliances.rows()].any()
    assert (loose.alliances.value[loose.alliances.is_paper == 1] == 0.0).all()
    real, random = (loose.alliances.distance[loose.alliances.rows()][paper == flag].mean() for flag in (0, 1))
    assert abs(real - 0.5) < abs(random - 0.5), "partners on paper are not chosen for their distance"


def test_places_go_first_to_alliances_that_start_anyway():
    world = small_world(n=600)
    run(world, 8, places=4.0, initiation_y=0.2)
    spontaneous = small_world(n=600)
    run(spontaneous, 8, initiation_y=0.2)
    assert len(world.alliances) - len(spontaneous.alliances) < 4
    assert np.count_nonzero(world.alliances.is_supported[world.alliances.rows()]) == 8


def test_places_few_and_far_between_have_the_deadweight_of_many_at_once():
    """A run of a part of the province has a place now and then; counted by the quarter it would add nearly all."""
    added = []
    for parts in (1, 8):
        both = []
        for places in (0.0, 12.0):
            worlds = [small_world(n=320 // parts, seed=seed + 1) for seed in range(parts * 3)]
            for world in worlds:
                world.firms.is_above_scale[:] = world.firms.has_rd[:] = 1
                run(world, 8, places=places / parts, initiation_y=0.02, partners_mean=4.0, most_ties=30.0)
            both.append(sum(len(world.alliances) for world in worlds))
        added.append(both[1] - both[0])
    assert added[1] == pytest.approx(added[0], rel=0.15)


def test_nobody_has_more_ties_than_allowed_even_within_one_quarter():
    world = small_world()
    run(world, 1, places=48.0, most_ties=1.0, knowledge_weight=0.0)
    held = world.alliances.members[world.alliances.rows()].ravel()
    counts = np.bincount(held[held >= 0])
    assert counts.sum() > 40
    assert counts.max() == 1 == world.firms.n_alliances.max()


def test_who_knows_more_has_the_means_for_more_alliances():
    """Vacuity guard: with the same means for all, nobody of these firms would have more than one."""
    world = small_world()
    run(world, 1, places=48.0, most_ties=1.0, knowledge_weight=0.5)
    firms = world.firms
    assert firms.n_alliances.max() > 1
    assert (firms.n_alliances <= np.ceil(np.sqrt(1.0 + firms.knowledge))).all()


def test_members_are_living_distinct_and_led_by_performers():
    world = small_world()
    run(world, 8, places=12.0)
    for row in world.alliances.rows():
        members = world.alliances.members[row]
        held = members[members >= 0]
        assert held[0] == world.alliances.lead[row]
        assert world.firms.has_rd[held[0]]
        assert len(set(held.tolist())) == len(held) == world.alliances.n_members[row] >= 4
        assert np.array_equal(world.firms.uid[held], world.alliances.member_uids[row][: len(held)])
    fields = world.alliances.field[world.alliances.rows()]
    assert len(set(fields.tolist())) >= 8, "crowded fields give way to others"


def test_rows_do_not_matter():
    worlds = [small_world(), small_world(order=np.random.default_rng(3).permutation(200))]
    for world in worlds:
        run(world, 6, places=10.0, amount=1.0)
    for name in ("member_uids", "value", "distance", "field", "is_paper", "university"):
        assert np.array_equal(by_uid(worlds[0].alliances, name), by_uid(worlds[1].alliances, name)), name
