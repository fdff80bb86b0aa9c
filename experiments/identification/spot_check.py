"""The calibration's own ABC-SMC on a few synthetic data sets: what it says of known parameters.

Its runs have no error of data; data have. Few sets say little of coverage, but show a fit that is wrong outright, and
how its posterior compares with the one from the reference table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np

from experiments.calibration.distance import Distance
from experiments.calibration.generations import Problem, add, count, read, weighted_quantile
from experiments.calibration.priors import Prior
from experiments.calibration.targets import Target
from experiments.identification.history import metric_of
from experiments.identification.reference import HELD_OUT, Table, normals
from experiments.identification.rejection import Draws
from experiments.outcomes import Array

FIRST_EPSILON = 1e300  # the first generation is a sample of the prior


@dataclass(frozen=True)
class Spot:
    """One synthetic set: rank of the truth by parameter, posterior standard deviation of places, evaluations."""

    ranks: Array
    sds: Array
    evaluations: int


def synthetic(targets: Sequence[Target], points: Array, errors: Array) -> tuple[Target, ...]:
    """The targets with the values of a run, each with an error. errors : standard normal, (n_targets,)."""
    metric = metric_of(targets)
    values = np.maximum(points, metric.least) * np.exp(metric.scale * errors)
    return tuple(replace(target, value=float(value)) for target, value in zip(targets, values, strict=True))


class Simulated(Protocol):
    """A model as the calibration runs it: places by address in, points out."""

    @property
    def priors(self) -> tuple[Prior, ...]: ...  # noqa: D102
    @property
    def targets(self) -> tuple[Target, ...]: ...  # noqa: D102
    def __call__(self, places: Mapping[str, float]) -> Mapping[str, Array]: ...  # noqa: D102


def spot(
    simulation: Simulated, held_out: Table, number: int, size: int, generations: int, seed: int, folder: Path
) -> Spot:  # fmt: skip
    """ABC-SMC on one held-out set; goes on where it was stopped. size : particles of a generation."""
    errors = normals(len(held_out.points), len(simulation.targets), seed, HELD_OUT)[number]
    data = synthetic(simulation.targets, held_out.points[number], errors)
    folder.mkdir(parents=True, exist_ok=True)
    problem = Problem(folder, simulation.priors, Distance(data), size, seed + number)
    evaluations = 0
    for t in range(generations):
        if count(problem) <= t:
            epsilon = FIRST_EPSILON
            if t > 0:
                before = read(problem, t - 1)
                epsilon = float(weighted_quantile(before.distances, before.weights, [0.5])[0])
            add(problem, simulation, epsilon)
        evaluations += read(problem, t).evaluations
    found = read(problem, generations - 1)
    draws = Draws(found.places, found.weights)
    return Spot(draws.below(held_out.places[number]), draws.sd(), evaluations)
