"""Regression adjustment: draws are moved to where their runs would have been had they met the observations.

A generation holds runs within a tolerance of the observations, most of which the model's own chance and series that no
parameter moves use up; what one parameter does to its own series hardly counts in it. So, as Beaumont, Zhang and
Balding (2002) do, the normal scores of the parameters are regressed on the deviations of their runs from the
observations, and each draw is moved along the fit to a deviation of zero. Before, every run's points are given the
errors that the observations have (Wilkinson 2013): otherwise the draws would be drawn to an exactness that neither the
data nor the model has. The error of an observation is independent from year to year; of what the model leaves out a
share lasts through all years of a series (errors.csv).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import ndtr, ndtri

from experiments.calibration.distance import Distance
from experiments.calibration.generations import Particles, Weighted
from experiments.calibration.targets import Target, errors
from experiments.outcomes import Array

COPIES = 8  # draws of the errors for each particle
RIDGE = 1e-3  # keeps the regression defined where deviations do not vary
EDGE = 1e-9  # places nearer to an end of the prior have no finite score


def noise(targets: Sequence[Target], distance: Distance, n: int, generator: np.random.Generator) -> Array:
    """n draws of the errors of all points in units of their scale, shape (n, n_targets)."""
    error = np.array([target.error for target in targets], np.float64)
    discrepancy = np.array([target.discrepancy for target in targets])
    group = np.array([distance.groups.index(target.group) for target in targets])
    lasting = errors()["lasting"]
    own = generator.standard_normal((n, len(targets)))
    yearly = generator.standard_normal((n, len(targets)))
    common = generator.standard_normal((n, len(distance.groups)))[:, group]
    left_out: Array = discrepancy * (np.sqrt(1.0 - lasting) * yearly + np.sqrt(lasting) * common)
    return np.asarray((error * own + left_out) / distance.scale, np.float64)


def adjusted(targets: Sequence[Target], distance: Distance, made: Particles, seed: int) -> Weighted:
    """COPIES draws for each particle, moved along the regression, with its weight shared among them."""
    generator = np.random.default_rng(np.random.SeedSequence((seed, len(made.weights))))
    deviations: Array = np.repeat(distance.deviations(made.points), COPIES, axis=0)
    deviations += noise(targets, distance, len(deviations), generator)
    scores = np.repeat(ndtri(np.clip(made.places, EDGE, 1.0 - EDGE)), COPIES, axis=0)
    weights = np.repeat(made.weights, COPIES) / COPIES
    return Weighted(ndtr(scores - deviations @ slopes(deviations, scores, weights)), weights)


def slopes(deviations: Array, scores: Array, weights: Array) -> Array:
    """Weighted least squares of scores (n, n_parameters) on deviations (n, n_targets): (n_targets, n_parameters)."""
    centred = deviations - weights @ deviations
    weighted = centred.T * weights
    normal = weighted @ centred + RIDGE * np.eye(centred.shape[1])
    return np.asarray(np.linalg.solve(normal, weighted @ scores), np.float64)
