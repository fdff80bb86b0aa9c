"""What seeds say of a row: sign by nine in ten, size by the median, and what cannot be told counts against it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from experiments.responses.experiment import Experiment
from experiments.responses.judging import FAIL, PASS, judge, judge_all, summary_row
from experiments.responses.rows import rows

ROW = replace(rows()["1_short"], sign="-", low=-6.0, high=-2.0)


def judged(values, **changes):
    return judge(replace(ROW, **changes), np.array(values, np.float64))


@pytest.mark.parametrize(
    ("values", "sign", "magnitude", "result"),
    [([-3.0] * 10, PASS, PASS, PASS), ([-3.0] * 9 + [1.0], PASS, PASS, PASS),
     ([-3.0] * 8 + [1.0] * 2, FAIL, PASS, FAIL),
     ([-9.0] * 10, PASS, FAIL, FAIL), ([0.0] * 10, FAIL, FAIL, FAIL), ([-2.0] * 10, PASS, PASS, PASS)],
)  # fmt: skip
def test_sign_and_size(values, sign, magnitude, result):
    found = judged(values)
    assert (found.sign, found.magnitude, found.result) == (sign, magnitude, result)


@pytest.mark.parametrize(
    ("sign", "values", "agree"),
    [("+", [1.0, -1.0], 0.5), (">1", [1.5, 1.0], 0.5), ("<1", [0.9, 0.2], 1.0), ("", [3.0], None)],
)
def test_what_agrees(sign, values, agree):
    assert judged(values, sign=sign).agree == agree


def test_an_open_end_binds_nothing():
    assert judged([-100.0], low=None).result == PASS
    assert judged([5.0], sign="", low=None, high=None).magnitude == ""


def test_a_seed_that_cannot_tell_counts_against_the_sign_and_too_many_against_the_row():
    assert judged([-3.0] * 8 + [np.nan] * 2).sign == FAIL
    assert judged([-3.0] * 2 + [np.nan] * 3).result == FAIL
    assert judged([]).result == FAIL


def test_what_is_void_is_not_judged():
    found = judged([-3.0], state="void", note_en="why", note_zh="原因")
    assert (found.result, found.sign) == ("void", "")
    assert summary_row(found, ("why", "原因"))["median"] == ""


def test_a_pool_of_seeds_gives_one_value():
    experiment = Experiment(66, lambda lab: {}, lambda measured: {"66": sum(one["x"] for one in measured)})
    found = judge_all((66,), {66: experiment}, {66: [{"x": 0.4}, {"x": 0.5}]})
    assert [(one.row.row, one.median) for one in found] == [("66", 0.9)]
