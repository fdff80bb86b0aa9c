"""Evaluation: the weakest share goes in even years, those below the floor by chance, and nobody else."""

from __future__ import annotations

import numpy as np

from sim.core.fixed_point import ONE
from sim.mechanisms.evaluate_centres import Params, evaluate_centres, weakest
from tests.mechanisms.worlds import by_uid, params, small_world


def with_centres(start="2014Q2", order=None):
    """Forty firms (uids 1 to 40) with provincial centres, scores that rise with the uid and R&D ratios of 1 or 3 %."""
    world = small_world(start, "2021Q4", order=order)
    firms = world.firms
    rows = firms.rows()[np.argsort(firms.uid[firms.rows()])][:40]
    firms.centre_tier[rows] = 2
    firms.centre_score[rows] = np.arange(40.0)
    firms.rd_reported_1y[rows] = np.where(np.arange(40) % 2, 0.03, 0.01) * firms.sales_1y[rows]
    world.centres.add(
        world.centres.new_uids(40), programme=np.full(40, 1), tier=2, host=rows, host_uid=firms.uid[rows], age_q=8
    )
    return world


def run(world, share=0.0, **changes):
    world.governments.centre_elimination[0] = share
    evaluate_centres(world, params(Params, **changes), world.draws)
    return set((by_uid(world.firms, "centre_tier")[:40] == 0).nonzero()[0].tolist())


def test_the_weakest_are_those_with_the_lowest_score_and_ties_go_by_uid():
    rows, score, uid = np.arange(4), np.array([3.0, 1.0, 1.0, 2.0]), np.array([5, 9, 7, 8])
    assert weakest(rows, score, uid, 0.25).tolist() == [2]
    assert weakest(rows, score, uid, 0.5).tolist() == [2, 1]
    assert weakest(rows, score, uid, 0.0).tolist() == []


def test_the_share_with_the_lowest_score_is_removed_in_the_second_quarter_of_even_years():
    world = with_centres()
    assert run(world, 0.1) == {0, 1, 2, 3}
    assert len(world.centres) == 36
    assert world.flows["centres_removed"] == 4 * ONE
    for start in ("2015Q2", "2014Q4", "2014Q1"):
        assert run(with_centres(start), 0.1) == set()


def test_without_elimination_and_floor_nobody_goes():
    assert run(with_centres()) == set()


def test_centres_below_their_floor_go_with_the_probability_that_it_is_enforced():
    world = with_centres()
    world.firms.ratio_floor[:] = 0.02
    assert run(world, floor_enforcement=1.0) == set(range(0, 40, 2))
    world = with_centres()
    world.firms.ratio_floor[:] = 0.02
    some = run(world, floor_enforcement=0.5)
    assert 2 < len(some) < 18
    assert all(i % 2 == 0 for i in some)


def test_young_centres_are_not_evaluated():
    world = with_centres()
    world.centres.age_q[:] = 2
    assert run(world, 0.5) == set()


def test_rows_do_not_matter():
    found = []
    for order in (None, np.random.default_rng(3).permutation(200)):
        world = with_centres(order=order)
        world.firms.ratio_floor[:] = 0.02
        found.append(run(world, 0.2, floor_enforcement=0.4))
    assert found[0] == found[1]
    assert len(found[0]) > 8
