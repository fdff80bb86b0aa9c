"""The arithmetic of the kernels against numpy and scipy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special, stats

from sim.core.arithmetic import (
    binomial_inverse,
    exp,
    exp_of,
    laplace_inverse,
    laplace_quarter_inverse,
    log,
    log_of,
    logistic,
    normal_inverse,
    normal_of,
    poisson_inverse,
    power,
    power_of,
    quarterly_hazard,
)

RANDOM = np.random.default_rng(11)
TIE = 1e-9  # nearer than this to a step of the distribution function, rounding decides


def steps_off(found, expected):
    """Distance in units in the last place of the expected."""
    return np.abs(found - expected) / np.spacing(np.abs(expected))


def test_exp_is_within_two_units_in_the_last_place():
    x = np.concatenate([RANDOM.uniform(-700, 700, 50_000), RANDOM.normal(0, 1, 50_000), [0.0, 1.0, -1.0, 700.0]])
    assert steps_off(exp_of(x), np.exp(x)).max() <= 2.0
    assert exp(0.0) == 1.0


def test_exp_is_held_at_its_ends():
    assert exp(1e9) == exp(700.0) < np.inf
    assert exp(-1e9) == exp(-700.0) > 0.0


def test_log_is_within_two_units_in_the_last_place():
    x = np.concatenate([10 ** RANDOM.uniform(-299, 300, 50_000), RANDOM.uniform(0.5, 2.0, 50_000), [1e-300, 2.0, 10.0]])
    assert steps_off(log_of(x), np.log(x)).max() <= 2.0
    assert log(1.0) == 0.0
    ends = np.array([2.3e-308, 1.7e308])  # smallest and largest exponents
    assert steps_off(log_of(np.maximum(ends, 1e-300)), np.log(np.maximum(ends, 1e-300))).max() <= 2.0


def test_power_is_exact_at_its_limits_and_close_elsewhere():
    assert power(0.0, 0.58) == 0.0
    assert power(7.0, 0.0) == 1.0
    assert power(1.0, -3.3) == 1.0
    base, exponent = RANDOM.uniform(0.01, 100, 2000), RANDOM.uniform(-4, 4, 2000)
    found = [power(b, e) for b, e in zip(base, exponent, strict=True)]
    assert found == pytest.approx(base**exponent, rel=2e-14)
    assert power_of(base, -0.37) == pytest.approx(base**-0.37, rel=2e-14)
    assert power_of(np.array([0.0, 1e-301, 1.0]), -2.0).tolist() == [0.0, 0.0, 1.0], "nothing stays nothing"


def test_a_quarterly_hazard_four_times_is_the_yearly_one():
    for yearly in (0.0, 0.05, 0.36, 0.9, 1.0):
        quarter = quarterly_hazard(yearly)
        assert 1.0 - (1.0 - quarter) ** 4 == pytest.approx(yearly, abs=1e-15)
    assert quarterly_hazard(-1.0) == 0.0
    assert quarterly_hazard(2.0) == 1.0


def test_logistic_and_laplace():
    assert logistic(0.0) == 0.5
    assert logistic(2.0) + logistic(-2.0) == pytest.approx(1.0, abs=1e-15)
    u = RANDOM.uniform(1e-9, 1 - 1e-9, 2000)
    assert [laplace_inverse(v) for v in u] == pytest.approx(stats.laplace.ppf(u), rel=1e-12, abs=1e-14)
    assert laplace_inverse(0.5) == 0.0
    for tail in (2.0**-54, 1e-9, 0.2):
        assert laplace_inverse(tail) == log(2.0 * tail)
        assert laplace_inverse(1.0 - tail) == -log(2.0 * (1.0 - (1.0 - tail)))


def chance_of_more(x):
    """Chance that the law of a quarter is larger than x in size: its mixture of normals over a gamma of shape 1/4."""
    root, weight = np.polynomial.legendre.leggauss(300)
    total = 0.0
    for low, high in ((0.0, 0.2), (0.2, 1.0), (1.0, 4.5)):
        half = 0.5 * (high - low)
        v = low + half * (root + 1.0)  # the fourth root of the gamma variable, of which the density is smooth
        density = 4.0 * np.exp(-(v**4)) / special.gamma(0.25)
        total += float(np.sum(half * weight * density * special.erfc(x / (2.0 * v * v))))
    return total


def test_a_fourth_of_laplace_growth_is_the_quantile_of_its_law():
    for x in (1e-3, 0.02, 0.3, 1.0, 3.0, 8.0, 14.0):
        u = 0.5 * chance_of_more(x)
        assert laplace_quarter_inverse(u) == pytest.approx(-x, rel=1e-5)
        assert laplace_quarter_inverse(1.0 - u) == pytest.approx(x, rel=1e-5 if u > 1e-4 else 1e-3)
    assert laplace_quarter_inverse(0.5) == 0.0


def test_normal_quantile_is_within_1e_14_of_scipy_from_far_tail_to_far_tail():
    lower = 10 ** RANDOM.uniform(-300, -1, 20_000)
    upper = 1.0 - 10 ** RANDOM.uniform(-16, -1, 20_000)
    u = np.concatenate([lower, upper, RANDOM.uniform(0, 1, 20_000), [1e-300, 0.075, 0.925, 1 - 1e-16]])
    found, expected = normal_of(u), special.ndtri(u)
    assert (np.abs(found - expected) <= 1e-14 * np.abs(expected)).all()
    assert normal_inverse(0.5) == 0.0
    assert normal_inverse(0.25) == -normal_inverse(0.75)


def away_from_ties(u, distribution):
    """Mask of the draws that do not lie on a step of the distribution function."""
    k = distribution.ppf(u)
    return np.minimum(np.abs(distribution.cdf(k) - u), np.abs(distribution.cdf(k - 1) - u)) > TIE


@pytest.mark.parametrize("mean", [0.001, 0.3, 1.0, 7.7, 60.0, 499.0])
def test_poisson_inverse_is_that_of_scipy(mean):
    u = RANDOM.uniform(1e-6, 1 - 1e-6, 400)
    u = u[away_from_ties(u, stats.poisson(mean))]
    assert len(u) > 300
    assert [poisson_inverse(v, mean) for v in u] == stats.poisson.ppf(u, mean).astype(int).tolist()


@pytest.mark.parametrize(
    ("n", "p"),
    [(1, 0.3), (12, 0.4), (100, 0.02), (100, 0.98), (900, 0.5), (2000, 0.9), (400, 0.95), (3, 0.999), (10000, 0.02)],
)
def test_binomial_inverse_is_that_of_scipy(n, p):
    u = RANDOM.uniform(1e-6, 1 - 1e-6, 400)
    u = u[away_from_ties(u, stats.binom(n, p))]
    assert len(u) > 200
    assert [binomial_inverse(v, n, p) for v in u] == stats.binom.ppf(u, n, p).astype(int).tolist()


def test_counts_at_their_limits():
    assert poisson_inverse(0.999, 0.0) == 0
    assert binomial_inverse(0.999, 0, 0.5) == binomial_inverse(0.999, 5, 0.0) == 0
    assert binomial_inverse(0.001, 5, 1.0) == 5
    assert 0 <= binomial_inverse(1e-12, 10, 0.5) <= binomial_inverse(1 - 1e-12, 10, 0.5) <= 10


@pytest.mark.parametrize("mean", [900.0, 5000.0])
def test_large_counts_follow_the_normal_within_one_in_a_hundred(mean):
    u = RANDOM.uniform(0.001, 0.999, 300)
    assert [poisson_inverse(v, mean) for v in u] == pytest.approx(stats.poisson.ppf(u, mean), abs=0.01 * mean)
    n = int(mean * 4)
    assert [binomial_inverse(v, n, 0.5) for v in u] == pytest.approx(stats.binom.ppf(u, n, 0.5), abs=0.01 * mean)


def test_a_higher_draw_never_gives_a_smaller_count():
    u = np.linspace(0.0001, 0.9999, 500)
    for counts in ([poisson_inverse(v, 3.3) for v in u], [binomial_inverse(v, 9, 0.7) for v in u]):
        assert (np.diff(counts) >= 0).all()
