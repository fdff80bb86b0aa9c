"""Scores: points rise with what is reported, saturate, and give the ratio weight only with a floor in force."""

from __future__ import annotations

import numpy as np
import pytest

from sim.mechanisms.score_centres import Params, part, score, score_centres
from tests.mechanisms.worlds import params, small_world


def points(rd, ratio_weight=0.0, sales=100.0):
    rd = np.asarray(rd, float)
    n, out = len(rd), np.zeros(len(rd))
    ones, zeros = np.ones(n, np.uint8), np.zeros(n)
    score(ones, ones, ones, np.zeros(n, np.int8), rd, zeros, zeros.astype(np.int32), np.full(n, sales), 0.5, 0.2, 0.2,
          0.1, 15.0, 150.0, 10.0, 500.0, 0.02, ratio_weight, out)  # fmt: skip
    return out


def test_a_part_is_one_half_at_its_half_and_never_one():
    assert [part(x, 15.0) for x in (0.0, 15.0, 1e9)] == pytest.approx([0.0, 0.5, 1.0])


def test_points_rise_with_reported_rd_and_saturate():
    low, middle, high = points([1.0, 15.0, 1000.0])
    assert low < middle < high < 100.0
    assert middle - low > 10.0


def test_the_ratio_counts_only_with_its_weight():
    small, large = points([2.0], 0.0, sales=20.0)[0], points([2.0], 0.0, sales=2000.0)[0]
    assert small < large
    assert points([2.0], 0.5, sales=20.0)[0] > points([2.0], 0.5, sales=2000.0)[0]


def test_weights_of_the_catalogue_sum_to_one_and_scores_stay_below_a_hundred():
    p = params(Params)
    assert p.weight_rd + p.weight_staff + p.weight_patents + p.weight_sales == pytest.approx(1.0)
    world = small_world("2014Q4")
    score_centres(world, p, world.draws)
    scores = world.firms.centre_score
    assert 0.0 < scores.max() < 100.0
    outside = (world.firms.is_above_scale == 0) & (world.firms.has_rd_institution == 0)
    assert not scores[outside].any()


def test_the_weight_of_the_ratio_is_switched_by_the_floor():
    worlds = [small_world("2014Q4"), small_world("2014Q4")]
    worlds[1].governments.centre_ratio_weight[0] = 1.0
    for world in worlds:
        score_centres(world, params(Params), world.draws)
    assert not np.array_equal(worlds[0].firms.centre_score, worlds[1].firms.centre_score)


def test_scores_are_read_from_reported_figures_only():
    worlds = [small_world("2014Q2"), small_world("2014Q2")]
    worlds[1].firms.rd_actual_q[:] = 9.0
    for world in worlds:
        score_centres(world, params(Params), world.draws)
    assert np.array_equal(worlds[0].firms.centre_score, worlds[1].firms.centre_score)


def test_outside_evaluation_and_call_scores_stay():
    world = small_world("2014Q1")
    world.firms.centre_score[:] = 7.0
    score_centres(world, params(Params), world.draws)
    assert (world.firms.centre_score == 7.0).all()
