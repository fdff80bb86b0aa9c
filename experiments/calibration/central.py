"""What weighted draws say of each parameter: quantiles, how much narrower it is than the prior, the centre.

The centre is the medoid, the draw with the least distance to all others: a parameter set that was tried and is likely
in all its values together, which a vector of means or medians need not be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from experiments.calibration.generations import Weighted, systematic, weighted_quantile
from experiments.calibration.priors import Prior, values_of
from experiments.outcomes import Array

SHARES = (0.05, 0.5, 0.95)
UNIFORM_SD = 12.0**-0.5  # standard deviation of the place inside the range under the prior
UNMOVED = 0.9  # a posterior as wide as this share of the prior says nothing that was not put in
SIGNIFICANT = 4  # digits of a central value


@dataclass(frozen=True)
class Marginal:
    """One parameter before and after: quantiles (5, 50, 95 %), central value, spread over that of the prior.

    The ratio is taken of places inside the range: on the scale, linear or log, on which the prior is uniform.
    """

    prior: Prior
    before: tuple[float, ...]
    after: tuple[float, ...]
    centre: float
    ratio: float

    @property
    def is_moved(self) -> bool:
        """Whether the data say something about it."""
        return self.ratio <= UNMOVED


def draws(priors: Sequence[Prior], made: Weighted, n: int) -> Array:
    """n equally weighted parameter sets, shape (n, n_priors), by systematic resampling."""
    return values_of(priors, made.places[systematic(made.weights, n)])


def medoid(places: Array) -> int:
    """The row of places (n, n_priors) with the least sum of distances to all others, each column by its spread."""
    spread = np.where(places.std(axis=0) > 0.0, places.std(axis=0), 1.0)
    scaled = places / spread
    sums = [float(np.sqrt(((scaled - row) ** 2).sum(axis=1)).sum()) for row in scaled]
    return int(np.argmin(sums))


def marginals(priors: Sequence[Prior], made: Weighted, n: int) -> list[Marginal]:
    """Each parameter in the order of the priors; the centre is that of n equally weighted draws."""
    centre = made.places[systematic(made.weights, n)]
    centre = centre[medoid(centre)]
    found = []
    for i, prior in enumerate(priors):
        places = made.places[:, i]
        mean = float(np.average(places, weights=made.weights))
        spread = float(np.sqrt(np.average((places - mean) ** 2, weights=made.weights)))
        quantiles = weighted_quantile(places, made.weights, SHARES)
        found.append(
            Marginal(
                prior,
                tuple(prior.value(share) for share in SHARES),
                tuple(prior.value(float(place)) for place in quantiles),
                rounded(prior, prior.value(float(centre[i]))),
                spread / UNIFORM_SD,
            )
        )
    return found


def rounded(prior: Prior, value: float) -> float:
    """A value with few digits, inside the range."""
    return min(max(float(f"{value:.{SIGNIFICANT}g}"), prior.low), prior.high)
