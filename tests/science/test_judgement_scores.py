"""Scores of forecasts: the CRPS is the integral it stands for, bands cover what they say, a bias costs skill."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from experiments.judgement.naive import QUANTILES
from experiments.judgement.scores import (
    SPREAD,
    coverage,
    crps,
    logarithms,
    mean_width,
    skill,
    verdict,
    with_error,
)

rng = np.random.default_rng(7)


def integral(members: np.ndarray, seen: float) -> float:
    """The CRPS as it is defined: the squared distance of the distribution from a step at the observation."""
    ordered = np.sort(members)

    def squared(x: float) -> float:
        below = np.searchsorted(ordered, x, side="right") / ordered.size
        return (below - (x >= seen)) ** 2

    places = np.unique([*ordered, seen])
    return math.fsum(quad(squared, a, b)[0] for a, b in pairwise(places))


@pytest.mark.parametrize("seen", [-2.0, 0.1, 0.6, 5.0])
@pytest.mark.parametrize("n", [1, 2, 7, 30])
def test_the_crps_is_its_integral(n: int, seen: float):
    members = rng.normal(0.3, 0.8, n)
    assert crps(members, seen) == pytest.approx(integral(members, seen), abs=1e-9)


def test_the_crps_of_one_member_is_its_distance():
    assert crps(np.array([2.0]), 5.0) == pytest.approx(3.0)


def test_quantiles_score_as_the_law_that_they_are_of():
    seen, sd = 0.7, 0.4
    exact = sd * (seen / sd * (2 * norm.cdf(seen / sd) - 1) + 2 * norm.pdf(seen / sd) - 1 / math.sqrt(math.pi))
    assert crps(sd * norm.ppf(QUANTILES), seen) == pytest.approx(exact, rel=2e-3)


def test_the_error_of_observation_adds_its_variance_and_no_bias():
    members, error = rng.normal(1.0, 0.2, 300), 0.1
    spread = with_error(members, error)
    assert spread.size == members.size * SPREAD
    assert spread.mean() == pytest.approx(members.mean(), abs=1e-12)
    assert spread.var() == pytest.approx(members.var() + error**2, rel=1e-9)
    assert with_error(members, 0.0) is members


@pytest.mark.parametrize(("factor", "expected"), [(1.0, 0.9), (0.5, 0.59), (0.0, 0.0)])
def test_coverage_of_90_percent_bands_on_synthetic_data(factor: float, expected: float):
    """Bands of the right spread cover nine in ten, of half of it three in five, of none nothing."""
    seen = np.exp(rng.normal(0.0, 0.3, 2000))
    members = factor * 0.3 * norm.ppf(QUANTILES)
    told = [verdict(members, value) for value in seen]
    assert coverage(told) == pytest.approx(expected, abs=0.025)
    assert mean_width(told) == pytest.approx(math.exp(2 * 1.645 * 0.3 * factor), rel=0.02)


def test_a_band_without_the_error_of_observation_misses_what_one_with_it_covers():
    truth, error = np.exp(rng.normal(0.0, 0.05, 1500)), 0.1
    seen = truth * np.exp(rng.normal(0.0, error, truth.size))
    members = 0.05 * norm.ppf(QUANTILES)
    assert coverage([verdict(members, value, error) for value in seen]) == pytest.approx(0.9, abs=0.03)
    assert coverage([verdict(members, value) for value in seen]) < 0.6


def test_a_biased_forecast_has_negative_skill_against_the_unbiased_one():
    seen = rng.normal(0.0, 0.2, 400)
    right = np.mean([crps(0.2 * norm.ppf(QUANTILES), value) for value in seen])
    biased = np.mean([crps(0.5 + 0.2 * norm.ppf(QUANTILES), value) for value in seen])
    assert skill(float(biased), float(right)) < -1.0
    assert skill(float(right), float(biased)) > 0.5


def test_zero_and_no_number_count_as_a_hundredth():
    found = logarithms(np.array([0.0, np.nan, 100.0]), 100.0)
    assert found == pytest.approx(np.log([1.0, 1.0, 100.0]))


@pytest.mark.parametrize("seen", [0.0, -1.0, math.nan])
def test_what_has_no_logarithm_is_refused(seen: float):
    with pytest.raises(ValueError, match="logarithm"):
        verdict(np.zeros(3), seen)
