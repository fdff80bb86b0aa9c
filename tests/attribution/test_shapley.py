"""Games whose parts are known: they come out exactly, and sum without remainder."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.attribution.shapley import interactions, players, shapley

GAMES = st.integers(1, 5).flatmap(lambda n: st.lists(st.floats(-1e6, 1e6), min_size=1 << n, max_size=1 << n).map(tuple))


def game(n: int, worth):
    """The values of all coalitions; worth takes the set of the players in."""
    return [worth({i for i in range(n) if members >> i & 1}) for members in range(1 << n)]


def by_orders(values):
    """The definition itself: the mean of what each player adds over all orders."""
    n = players(values)
    parts = [Fraction(0)] * n
    for order in permutations(range(n)):
        members = 0
        for i in order:
            parts[i] += Fraction(values[members | 1 << i]) - Fraction(values[members])
            members |= 1 << i
    return [part / math.factorial(n) for part in parts]


def test_in_an_additive_game_each_has_its_own_worth_and_no_pair_interacts():
    own = [3, -1.5, 0.25, 8]
    values = game(4, lambda members: 100 + sum(own[i] for i in members))
    assert shapley(values) == own
    assert set(interactions(values).values()) == {0}


def test_the_glove_game():
    """Two have a left glove, one a right glove; a pair is worth 1. Known: 1/6, 1/6, 2/3."""
    values = game(3, lambda members: min(len(members & {0, 1}), len(members & {2})))
    assert shapley(values) == [Fraction(1, 6), Fraction(1, 6), Fraction(2, 3)]
    found = interactions(values)
    assert found[0, 1] == Fraction(-1, 2), "who has the same glove stands in for the other"
    assert found[0, 2] == found[1, 2] == Fraction(1, 2)


def test_what_two_do_together_is_shared_and_shows_as_their_interaction():
    values = game(3, lambda members: 2.0 * (0 in members) + 7.0 * ({0, 1} <= members))
    assert shapley(values) == [5.5, 3.5, 0]
    assert interactions(values) == {(0, 1): 7, (0, 2): 0, (1, 2): 0}


def test_eight_players_of_whom_all_are_needed():
    values = game(8, lambda members: float(len(members) == 8))
    assert shapley(values) == [Fraction(1, 8)] * 8
    assert set(interactions(values).values()) == {Fraction(1, 7)}


@given(GAMES)
def test_parts_are_those_of_the_definition_and_sum_to_the_last_bit(values):
    parts = shapley(values)
    assert parts == by_orders(values)
    assert sum(parts) == Fraction(values[-1]) - Fraction(values[0])
    total = values[-1] - values[0]
    largest = max(map(abs, values))
    assert math.fsum(map(float, parts)) == pytest.approx(total, rel=1e-12, abs=1e-12 * largest)


@given(GAMES)
def test_who_changes_nothing_has_nothing_and_equals_have_the_same(values):
    with_idle = [*values, *values]  # one player more, who never changes a value
    assert shapley(with_idle)[:-1] == shapley(values)
    assert shapley(with_idle)[-1] == 0
    n = players(with_idle)
    pairs = interactions(with_idle)
    assert all(pairs[i, n - 1] == 0 for i in range(n - 1))
    equal = game(n, lambda members: with_idle[(1 << len(members)) - 1])  # worth by the number of players alone
    assert len(set(shapley(equal))) == 1


def test_of_chances_the_parts_are_exact_fractions():
    """Shares of 7 runs: the mean of the runs' parts is the part of the mean, without rounding."""
    rng = np.random.default_rng(3)
    runs = rng.integers(0, 2, (7, 16)).astype(float)
    chances = [Fraction(int(column.sum()), 7) for column in runs.T]
    mean = [sum((shapley(run.tolist())[i] for run in runs), Fraction(0)) / 7 for i in range(4)]
    assert shapley(chances) == mean
    assert sum(mean) == chances[-1] - chances[0]


@pytest.mark.parametrize("values", [[], [1.0], [1.0, 2.0, 3.0], [0.0] * 512])
def test_what_is_no_game_is_refused(values):
    with pytest.raises(ValueError, match="a power of two"):
        shapley(values)


@pytest.mark.parametrize("wrong", [math.nan, math.inf])
def test_a_value_that_is_none_is_refused(wrong: float):
    with pytest.raises(ValueError, match="no finite value"):
        shapley([0.0, wrong])
