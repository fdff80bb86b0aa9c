"""Integer sums: exact, in any order, and refused when they grow too large."""

from __future__ import annotations

import numpy as np
import pytest

from sim.core.fixed_point import LIMIT, ONE, check_range, fixed, fixed_sum, fixed_sum_by, unfixed


def test_one_unit_is_two_to_the_twenty_and_halves_round_up_away_from_zero():
    assert fixed(1.0) == ONE == 1_048_576
    assert fixed(-1.0) == -ONE
    assert fixed(0.5 / ONE) == 1
    assert fixed(0.49 / ONE) == 0
    assert fixed(-0.5 / ONE) == -1
    assert unfixed(3 * ONE // 2) == 1.5


def test_rounding_is_within_half_a_step():
    x = np.random.default_rng(1).normal(0, 1e5, 5000)
    assert max(abs(unfixed(fixed(v)) - v) for v in x) <= 0.5 / ONE


def test_sums_do_not_depend_on_order_while_floats_do():
    random = np.random.default_rng(2)
    x = random.normal(0, 1, 5000) * 10 ** random.uniform(-3, 7, 5000)
    alive = np.ones(5000, np.uint8)
    orders = [random.permutation(5000) for _ in range(5)]
    assert len({fixed_sum(x[o], alive) for o in orders}) == 1
    assert len({float(np.cumsum(x[o])[-1]) for o in orders}) > 1, "the test would see an order"


def test_the_dead_do_not_count_and_groups_sum_to_the_whole():
    values, alive = np.array([1.25, 2.5, 100.0, -0.75]), np.array([1, 1, 0, 1], np.uint8)
    group = np.array([0, 2, 1, 2], np.int8)
    by = fixed_sum_by(values, alive, group, 4)
    assert [unfixed(v) for v in by] == [1.25, 0.0, 1.75, 0.0]
    assert by.sum() == fixed_sum(values, alive) == 3 * ONE


def test_integers_are_summed_as_well():
    assert unfixed(fixed_sum(np.array([3, 4], np.int32), np.ones(2, np.uint8))) == 7.0


def test_a_sum_near_the_end_of_the_integers_is_refused():
    check_range(int(LIMIT))
    with pytest.raises(OverflowError, match="near the limit"):
        check_range(int(LIMIT) + 1)
    with pytest.raises(OverflowError):
        check_range(-int(LIMIT) - 1)
