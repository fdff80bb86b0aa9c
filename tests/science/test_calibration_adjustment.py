"""The regression adjustment where the answer is known: a linear model with normal errors has an exact posterior."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from experiments.calibration.adjustment import adjusted, noise
from experiments.calibration.distance import Distance
from experiments.calibration.fresh import fresh_runs
from experiments.calibration.generations import Particles, Weighted
from experiments.calibration.targets import Target, errors

N = 4000
EFFECT = np.array([[1.5, 1.0, 1.2, 0.0], [0.0, 0.0, 0.4, 2.0], [0.0, 0.0, 0.0, 0.0]])  # of a score, in scales
CHANCE = 0.4  # of the model, in scales
TRUTH = np.array([0.6, -0.5, 0.0])
TARGETS = tuple(
    Target(series, 2011 + i, 100.0 + i, 0.06, "flow", "", "", discrepancy=0.05)
    for i, series in enumerate(("rd", "rd", "rd", "patents"))
)


def covariance(n=200_000):
    """Of the errors of all points, as drawn."""
    return np.cov(noise(TARGETS, Distance(TARGETS), n, np.random.default_rng(3)).T)


def particles(seed=1):
    """A sample of the prior with its runs; the observations are what the truth leaves without chance."""
    generator = np.random.default_rng(seed)
    scores = generator.standard_normal((N, 3))
    deviations = (scores - TRUTH) @ EFFECT + CHANCE * generator.standard_normal((N, 4))
    distance = Distance(TARGETS)
    points = distance.observed * np.exp(deviations * distance.scale)
    return Particles(ndtr(scores), np.full(N, 1.0 / N), points, np.zeros(N), N)


def exact():
    """Mean and standard deviation of the scores given the observations."""
    total = covariance() + CHANCE**2 * np.eye(4)
    precision = np.eye(3) + EFFECT @ np.linalg.inv(total) @ EFFECT.T
    spread = np.linalg.inv(precision)
    return spread @ EFFECT @ np.linalg.inv(total) @ EFFECT.T @ TRUTH, np.sqrt(np.diag(spread))


def test_errors_have_the_variance_of_their_scale_and_last_within_a_series():
    found = covariance()
    assert np.diag(found) == pytest.approx(np.ones(4), abs=0.02)
    lasting = errors()["lasting"] * 0.05**2 / (0.06**2 + 0.05**2)
    assert found[0, 1] == pytest.approx(lasting, abs=0.01)
    assert found[0, 3] == pytest.approx(0.0, abs=0.01)


def test_adjusted_draws_are_the_exact_posterior_of_a_linear_model():
    distance = Distance(TARGETS)
    made = adjusted(TARGETS, distance, particles(), seed=1)
    scores = ndtri(made.places)
    mean, spread = exact()
    assert made.weights.sum() == pytest.approx(1.0)
    assert made.weights @ scores == pytest.approx(mean, abs=0.06)
    assert scores.std(axis=0) == pytest.approx(spread, rel=0.06)
    assert scores.std(axis=0)[2] == pytest.approx(1.0, abs=0.05)  # what moves nothing stays as wide as the prior


def test_the_same_seed_gives_the_same_draws():
    distance, sample = Distance(TARGETS), particles()
    one, again, other = (adjusted(TARGETS, distance, sample, seed).places for seed in (1, 1, 2))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


def test_fresh_runs_say_which_draws_are_nearer_and_are_not_made_twice(tmp_path):
    distance = Distance(TARGETS)
    near, far = (Weighted(np.full((50, 3), place), np.full(50, 0.02)) for place in (0.5, 0.9))
    asked = []

    def run_all(places, what):
        asked.append(what)
        return distance.observed * np.exp(places[:, :1] - 0.5)

    found = fresh_runs(tmp_path, distance, far, near, run_all)
    assert found.is_nearer
    assert found.distances[1] == pytest.approx(0.0)
    again = fresh_runs(tmp_path, distance, far, near, run_all)
    assert len(asked) == 2
    assert np.array_equal(again.plain, found.plain)
    assert not fresh_runs(tmp_path, distance, near, far, run_all).is_nearer
    assert len(asked) == 4
