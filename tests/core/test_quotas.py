"""Quotas: nothing is lost to rounding, and ties go by uid, not by row."""

from __future__ import annotations

import numpy as np
import pytest

from sim.core.quotas import FEW, best_first, in_order, places_due


@pytest.mark.parametrize("rate", [0.0, 0.2, 1.0, 2.75, 43 / 5])
def test_places_over_many_periods_are_the_rate_times_the_periods(rate):
    due = [places_due(rate, period) for period in range(2011, 2031)]
    assert abs(sum(due) - 20 * rate) < 1.0
    assert max(due) - min(due) <= 1


def test_no_place_falls_due_at_a_negative_rate():
    assert places_due(-1.0, 2014) == 0


def test_the_best_come_first_and_ties_go_by_uid():
    score, uid = np.array([1.0, 2.0, 2.0, 0.5]), np.array([4, 9, 3, 1])
    assert best_first(np.arange(4), score, uid).tolist() == [2, 1, 0, 3]
    assert best_first(np.array([3, 1, 0]), score, uid).tolist() == [1, 0, 3]


@pytest.mark.parametrize("n", [0, 1, 7, 60])
@pytest.mark.parametrize("most", [0, 1, 5, FEW, FEW + 1, 59, 60, 70, None])
def test_the_first_few_are_those_of_a_sort_by_value_uid_and_position(n, most):
    random = np.random.default_rng(n)
    for values in (random.random(n), random.choice([-np.inf, -1.0, 0.0, -0.0, 2.0, np.inf, np.nan], n)):
        uids = random.integers(0, 5, n)
        assert in_order(values, uids, most).tolist() == np.lexsort((uids, values))[:most].tolist()
