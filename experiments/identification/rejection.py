"""The posterior of one data set by rejection from the reference table, adjusted by regression (Beaumont 2002).

Accepted are the nearest draws by the distance of the calibration. Places are then moved, on the logit scale, along a
local linear regression on as many summaries as there are parameters: what a linear regression expects of each
parameter (Fearnhead and Prangle 2012). That regression sees the other half of the table: on its own half it would know
its own chance, and posteriors would come out too sure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from experiments.outcomes import Array

RIDGE = 1e-3  # of the regressions, relative to the mean square of a column: columns may say the same
EDGE = 1e-6  # places are kept this far from 0 and 1


@dataclass(frozen=True)
class Draws:
    """A weighted posterior: places (n, n_parameters) from 0 to 1, weights (n,) adding up to 1."""

    places: Array
    weights: Array

    def below(self, truth: Array) -> Array:
        """The posterior's weight below the true places, shape (n_parameters,): uniform where the posterior is right."""
        less, equal = self.places < truth, self.places == truth
        found: Array = self.weights @ (less + 0.5 * equal)
        return found

    def sd(self) -> Array:
        """Standard deviation of each place, shape (n_parameters,)."""
        mean = self.weights @ self.places
        found: Array = np.sqrt(self.weights @ (self.places - mean) ** 2)
        return found


def logit(places: Array) -> Array:
    """Places on the whole line."""
    kept = np.clip(places, EDGE, 1.0 - EDGE)
    found: Array = np.log(kept / (1.0 - kept))
    return found


def unlogit(values: Array) -> Array:
    """Places from 0 to 1."""
    found: Array = 0.5 * (1.0 + np.tanh(0.5 * values))
    return found


def linear(covariates: Array, wanted: Array, weights: Array) -> Array:
    """Slopes of a weighted ridge regression with a free constant, shape (n_covariates, n_wanted)."""
    total = weights.sum()
    x = covariates - weights @ covariates / total
    y = wanted - weights @ wanted / total
    square = x.T @ (weights[:, None] * x)
    penalty = RIDGE * np.diag(np.maximum(np.diag(square), 1e-12))
    found: Array = np.linalg.solve(square + penalty, x.T @ (weights[:, None] * y))
    return found


def summaries(places: Array, coordinates: Array) -> Array:
    """Directions in which the data tell of each parameter, shape (n_points, n_parameters)."""
    return linear(coordinates, logit(places), np.ones(len(places)))


def posterior(
    places: Array, coordinates: Array, observed: Array, accepted: int, directions: Array | None = None
) -> Draws:
    """The posterior of one data set.

    places : (n, n_parameters) of the table; coordinates : (n, n_points), in which distances are Euclidean; observed :
    (n_points,); directions : of `summaries`; None leaves the accepted draws as they are.
    """
    squares = ((coordinates - observed) ** 2).sum(axis=1)
    nearest = np.argpartition(squares, min(accepted, len(squares) - 1))[: accepted + 1]
    widest = float(squares[nearest].max())
    nearest = nearest[squares[nearest] < widest]
    weights = 1.0 - squares[nearest] / widest  # Epanechnikov's kernel
    if directions is None:
        return Draws(places[nearest], np.full(len(nearest), 1.0 / len(nearest)))
    away = (coordinates[nearest] - observed) @ directions
    values = logit(places[nearest])
    values = values - away @ linear(away, values, weights)
    mean, free = weights @ values / weights.sum(), weights.sum() ** 2 / (weights**2).sum()
    # a regression takes a part of the spread away with each slope that it fits
    values = mean + (values - mean) * np.sqrt(free / max(free - directions.shape[1] - 1.0, 1.0))
    return Draws(unlogit(values), weights / weights.sum())


def together(parts: Sequence[Draws]) -> Draws:
    """Posteriors of one data set from parts of the table, each with the same weight."""
    places = np.concatenate([one.places for one in parts])
    return Draws(places, np.concatenate([one.weights for one in parts]) / len(parts))
