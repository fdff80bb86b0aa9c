"""The estimators of the facts on arrays made by hand, of which the answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.facts.estimators import (
    count_elasticity,
    group_share,
    overdispersion,
    skewness,
    spread_slope,
    subbotin_shape,
    tail_exponent,
    top_share,
    within_elasticity,
)
from experiments.facts.lotteries import gap, inverted_u, learned, work_by_distance
from experiments.facts.measured import project_lengths
from experiments.facts.mixes import interaction_share, shapley, subsets
from experiments.facts.trials import grant_additionality, matched, slope_through_nothing, user_cost

RANDOM = np.random.default_rng(5)
N = 20_000


@pytest.mark.parametrize("exponent", [1.06, 2.0])
def test_the_tail_exponent_of_pareto_quantiles(exponent):
    sizes = ((np.arange(N) + 0.5) / N) ** (-1.0 / exponent)
    assert tail_exponent(RANDOM.permutation(sizes)) == pytest.approx(exponent, rel=0.01)
    assert np.isnan(tail_exponent(np.ones(20)))


def test_the_shape_of_growth_tells_laplace_from_the_normal():
    assert subbotin_shape(RANDOM.laplace(0.1, 0.2, N)) == pytest.approx(1.0, abs=0.05)
    assert subbotin_shape(RANDOM.normal(0.1, 0.2, N)) == pytest.approx(2.0, abs=0.1)
    four = sum(RANDOM.laplace(0.0, 0.1, N) for _ in range(4))
    assert 1.3 < subbotin_shape(four) < 1.6, "why growth by the quarter cannot be Laplace"


def test_the_slope_of_spread_on_size():
    sizes = np.exp(RANDOM.normal(4.0, 2.0, N))
    assert spread_slope(sizes, RANDOM.normal(0.0, 1.0, N) * sizes**-0.17) == pytest.approx(-0.17, abs=0.02)
    assert abs(spread_slope(sizes, RANDOM.normal(0.0, 1.0, N))) < 0.02


def test_skewness_of_a_lognormal_and_of_its_logarithm():
    values = np.exp(0.5 * RANDOM.normal(size=200_000))
    assert skewness(values) == pytest.approx(1.75, abs=0.1)
    assert abs(skewness(np.log(values))) < 0.03


def test_elasticity_within_and_variance_between_groups():
    groups = np.repeat(np.arange(4), N // 4)
    sizes = np.exp(RANDOM.normal(0.0, 1.0, N))
    amounts = sizes**0.9 * np.exp(2.0 * groups)
    assert within_elasticity(sizes, amounts, groups) == pytest.approx(0.9)
    noise = RANDOM.normal(size=N)
    assert group_share(groups * np.sqrt(0.8) + noise, groups) == pytest.approx(0.5, abs=0.02)


def test_shares_of_the_top_and_overdispersion():
    assert top_share(np.array([91.0] + 9 * [1.0])) == pytest.approx(0.91)
    assert top_share(np.array([2.0] * 5 + [1.0] * 10)) == pytest.approx(3.0 / 20.0)
    assert overdispersion(RANDOM.poisson(3.0, N)) == pytest.approx(1.0, abs=0.05)
    assert np.isnan(overdispersion(np.zeros(5)))


@pytest.mark.parametrize("elasticity", [0.0, 0.6])
def test_the_negative_binomial_finds_the_elasticity_behind_overdispersed_counts(elasticity):
    rd = np.exp(RANDOM.normal(1.0, 1.5, 4000))
    counts = RANDOM.poisson(0.7 * rd**elasticity * RANDOM.gamma(0.5, 2.0, 4000))
    assert count_elasticity(counts, rd) == pytest.approx(elasticity, abs=0.06)


def quarter(**places):
    """An alliance a name, with the quarters left to its projects."""
    return {"uid": np.arange(len(places)), "project_quarters": np.array(list(places.values()))}


def test_lengths_of_joint_projects_are_of_those_seen_from_begin_to_end():
    """A project that runs when we come is left out; one that fails is shorter; a place may be filled at once."""
    seen = [(2, 0), (1, 0), (3, 4), (2, 3), (1, 0), (2, 0), (1, 0), (0, 0)]
    assert sorted(project_lengths([quarter(a=left) for left in seen])) == [2, 2, 3]


def test_matching_takes_the_nearest_of_the_same_group():
    near = np.array([[1.0, 1.0], [5.0, 5.0], [1.1, 1.0], [9.0, 9.0]])
    found = matched(np.array([[1.1, 1.0], [8.0, 9.0], [0.0, 0.0]]), near, np.array([0, 1, 2]), np.array([0, 1, 1, 1]))
    assert found.tolist() == [0, 3, -1]


class OfTwoYears:
    """A panel of winners (first half) and others with the same past."""

    def __init__(self, own_share):
        n = 60
        grant = np.where(np.arange(n) < n // 2, 0.3, 0.0)
        same = {"sales_year": np.full(n, 50.0), "size_class": np.ones(n), "ownership": np.full(n, 2)}
        self.before = {**same, "rd_reported_year": np.ones(n), "received_rd_grant": np.zeros(n)}
        self.now = {**same, "rd_reported_year": 1.1 + grant * (1.0 + own_share), "received_rd_grant": grant}

    def paired(self, year, columns):
        return self.before, self.now


@pytest.mark.parametrize("own_share", [-1.0, 0.0, 0.2])
def test_matching_finds_what_grants_add_to_own_rd(own_share):
    assert grant_additionality(OfTwoYears(own_share), (2014,)) == pytest.approx(own_share)


def test_user_cost_of_what_was_claimed():
    year = {
        "hnte_stage": np.array([0, 2, 0]), "tax_cut_year": np.full(3, 0.1),
        "deductible_year": np.array([0.5, 0.75, 0.0]), "rd_reported_year": np.ones(3),
    }  # fmt: skip
    assert user_cost(year) == pytest.approx([0.8333, 0.8676, 1.0], abs=1e-4)


def test_a_gap_and_its_interval():
    found, (low, high) = gap(np.r_[np.zeros(50), np.ones(50)], np.zeros(100))
    assert found == 0.5
    assert (high - low) / 2.0 == pytest.approx(1.96 * np.sqrt(0.25 * 100 / 99 / 100))


def test_learning_is_what_is_gained_for_own_rd():
    before = {"uid": np.array([1, 2, 3]), "knowledge": np.array([10.0, 10.0, 10.0])}
    now = {"uid": np.array([2, 3, 4]), "knowledge": np.array([10.5, 99.0, 1.0]), "rd": np.array([1.0, 1.0, 1.0])}
    assert learned(before, now, np.array([1, 2, 3]), 0.95).tolist() == [1.0, 2.0], "what was handed over is cut"


def test_work_by_distance_turns_where_it_is_best():
    distances = np.linspace(0.1, 0.9, 40)
    kinds = {"uid": np.arange(40), "distance": distances, "is_paper": np.arange(40) == 0}
    quarters = [{**kinds, "n_projects": 5.0 - 20.0 * (distances - 0.5) ** 2} for _ in range(4)]
    x, y = work_by_distance(quarters)
    assert len(x) == 39
    square, turn = inverted_u(x, y)
    assert square < 0.0
    assert turn == pytest.approx(0.5)
    assert len(work_by_distance(quarters[:3])[0]) == 0


def test_shapley_values_of_levers_that_add_up_and_of_a_pair_that_needs_each_other():
    levers = ("a", "b", "c")
    adding = {mix: float(sum({"a": 1, "b": 2, "c": 3}[one] for one in mix)) for mix in subsets(levers)}
    assert shapley(adding, levers) == pytest.approx({"a": 1.0, "b": 2.0, "c": 3.0})
    assert interaction_share(adding, levers) == pytest.approx(0.0)
    pair = {mix: float({"a", "b"} <= mix) for mix in subsets(levers)}
    assert shapley(pair, levers) == pytest.approx({"a": 0.5, "b": 0.5, "c": 0.0})
    assert interaction_share(pair, levers) == pytest.approx(100.0)


def test_a_slope_through_nothing_needs_some_observations():
    assert slope_through_nothing(np.arange(10.0), 2.0 * np.arange(10.0)) == 2.0
    assert np.isnan(slope_through_nothing(np.ones(3), np.ones(3)))
