"""The problem that the calibration solves, on a reduced model: its priors, targets, distance and runs.

Synthetic data are a run at known parameters with the error that the distance allows each point: observation error and
what the model leaves out. So are the runs of the table, so that the posterior is that of data with errors.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from experiments.calibration.distance import FLOOR
from experiments.calibration.priors import Prior
from experiments.calibration.priors import digest as digest_of_priors
from experiments.calibration.simulation import Simulation
from experiments.calibration.targets import Target
from experiments.calibration.targets import digest as digest_of_targets
from experiments.outcomes import Array
from experiments.validity.summaries import made_by
from sim.scenario import Scenario


@dataclass(frozen=True)
class HistoryModel:
    """The model as the reference table tries it: places in the order of the priors."""

    simulation: Simulation

    def __call__(self, places: Array, replicate: int) -> Array:
        """Points of one run, shape (n_targets,); nan where it failed."""
        named = {prior.address: float(u) for prior, u in zip(self.simulation.priors, places, strict=True)}
        return self.simulation.points(named, replicate)


def model_of(scenario: Scenario, priors: Sequence[Prior], targets: Sequence[Target], seed: int) -> HistoryModel:
    """The model on a scenario."""
    return HistoryModel(Simulation(scenario, tuple(priors), tuple(targets), seed))


def identity(scenario: Scenario, priors: Sequence[Prior], targets: Sequence[Target], seed: int) -> str:
    """What decides the numbers of a table, as a name for its folder."""
    code = made_by().replace("+", "-").replace("/", "-").split("-", 1)[1]
    asked = (scenario.fingerprint()[:8], digest_of_priors(priors), digest_of_targets(targets), f"s{seed}")
    return "-".join(["table", code, *asked])


@dataclass(frozen=True)
class Metric:
    """Points as coordinates in which the distance of the calibration is Euclidean. scale : log points of each target.

    share : of each target in the mean of squares: equal for all series, and for all points of a series. least : what a
    run that has less is counted to have, as the calibration does.
    """

    scale: Array
    share: Array
    least: Array

    def coordinates(self, points: Array, errors: Array | None = None) -> Array:
        """Coordinates (..., n_targets) of points; errors : standard normal, added in units of the scale."""
        logs = np.log(np.maximum(points, self.least)) / self.scale + (0.0 if errors is None else errors)
        found: Array = logs * np.sqrt(self.share)
        return found


def metric_of(targets: Sequence[Target]) -> Metric:
    """The metric of the targets."""
    sizes = Counter(target.group for target in targets)
    share = np.array([1.0 / (sizes[target.group] * len(sizes)) for target in targets])
    least = FLOOR * np.array([target.value for target in targets])
    return Metric(np.array([target.scale for target in targets]), share, least)
