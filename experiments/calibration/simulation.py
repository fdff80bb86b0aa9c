"""One run of the model for one set of parameters, as the fit sees it: places inside the priors in, points out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from experiments.calibration.priors import Prior, values_at
from experiments.calibration.targets import Target, predicted
from experiments.compose import load_scenario
from experiments.outcomes import Array
from sim.model import RunError, run
from sim.scenario import Scenario

REPLICATES = 2**31 - 1
POINTS = "points"
FIT_SCENARIO = "history"


def fit_scenario(k: int, until: int) -> Scenario:
    """What is fitted: policy as it was, observed drivers, to the end of a year. Raises ScenarioError."""
    return load_scenario(FIT_SCENARIO, [f"end={until}Q4", f"population.k={k}"])


@dataclass(frozen=True)
class Simulation:
    """Runs the scenario with other parameters. It can be sent to another process.

    priors : what the places stand for; targets : the points that are wanted; seed : that of the runs.
    """

    scenario: Scenario
    priors: tuple[Prior, ...]
    targets: tuple[Target, ...]
    seed: int

    @cached_property
    def _failed(self) -> Array:
        return np.full(len(self.targets), np.nan)

    def points(self, places: Mapping[str, float], replicate: int) -> Array:
        """Points of one run, shape (n_targets,); not a number where the model left its domain."""
        values = {**self.scenario.mechanism, **values_at(self.priors, places)}
        tried = replace(self.scenario, mechanism=values)
        try:
            return predicted(run(tried, self.seed, replicate), tried, self.targets)
        except (RunError, ArithmeticError, ValueError, IndexError):  # this set cannot be run: it is no candidate
            return self._failed

    def __call__(self, places: Mapping[str, float]) -> dict[str, Array]:
        """A run with a replicate of its own, taken from numpy's global generator, which the sampler seeds."""
        replicate = int(np.random.randint(REPLICATES))  # noqa: NPY002  (pyabc draws its proposals from it as well)
        return {POINTS: self.points(places, replicate)}


def observed_points(targets: Sequence[Target]) -> dict[str, Array]:
    """The observed values in the form of a run's points."""
    return {POINTS: np.array([target.value for target in targets])}
