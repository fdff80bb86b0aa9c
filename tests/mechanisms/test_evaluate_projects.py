"""Evaluation: the R&D really carried out decides, the best share is paid, never more than the line has."""

from __future__ import annotations

import numpy as np
import pytest

from sim.mechanisms.evaluate_projects import Params, evaluate_projects
from tests.mechanisms.few_firms import Said, few, first
from tests.mechanisms.worlds import by_uid, params, received, small_world

LINE = "post_completion_grant"
PLAIN = {"finished_from": 0.8, "jury_noise": 0.0, "largest_ask": 3.0}


def evaluate(world, budget, rate=0.25, pass_share=1.0, draws=None, **changes):
    world.governments.completion_rate[0] = rate
    world.governments.completion_pass_share[0] = pass_share
    world.accounts.appropriate(LINE, budget)
    evaluate_projects(world, params(Params, **(PLAIN | changes)), draws or Said())
    line = world.accounts.number(LINE)
    assert received(world, LINE) == world.accounts.disbursed_q[line]
    return world.firms.received_yuan[world.firms.rows(), line].tolist()


def finished(carried, start="2014Q4", planned=4.0):
    return few(len(carried), start, listed_project=planned, rd_actual_year=carried, rd_reported_year=9.0, has_rd=1)


def test_what_was_carried_out_is_paid_and_the_unfinished_is_not():
    world = finished([4.0, 3.0, 5.0])
    assert evaluate(world, 10_000_000) == [1_000_000, 0, 1_250_000]
    assert not world.firms.listed_project.any(), "the list is struck"


def test_only_the_best_share_is_paid_ties_by_uid():
    world = finished([4.0, 5.0, 4.0, 3.9])
    world.firms.uid[:4] = [30, 10, 20, 40]
    assert evaluate(world, 10_000_000, pass_share=0.5) == [0, 1_250_000, 1_000_000, 0]


def test_the_largest_sum_and_the_end_of_the_line_hold():
    assert evaluate(finished([40.0, 5.0]), 10_000_000) == [3_000_000, 1_250_000]
    assert evaluate(finished([40.0, 5.0]), 3_500_000) == [3_000_000, 0]


@pytest.mark.parametrize(("start", "rate"), [("2014Q3", 0.25), ("2014Q4", 0.0)])
def test_nothing_before_the_last_quarter_or_without_a_rate(start, rate):
    world = finished([5.0], start)
    assert evaluate(world, 10_000_000, rate) == [0]
    assert first(world.firms, "listed_project") == [4.0]


def test_rows_decide_nothing():
    found = []
    for order in (None, np.arange(200)[::-1]):
        world = small_world("2014Q4", order=order)
        world.firms.listed_project[:] = world.firms.rd_reported_1y
        world.firms.rd_actual_year[:] = world.firms.rd_reported_1y
        evaluate(world, 30_000_000, pass_share=0.7, draws=world.draws, jury_noise=0.2)
        found.append(by_uid(world.firms, "received_yuan").sum(axis=1))
    np.testing.assert_array_equal(*found)
    assert np.count_nonzero(found[0]) > 3
