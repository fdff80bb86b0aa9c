"""A model for tests of the fit that costs nothing and whose answer is known: points are log-linear in two of three.

Run as a script it makes a fit in a folder and kills itself without warning at a given run.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from experiments.calibration.distance import Distance
from experiments.calibration.fitting import Course, Look, proceed
from experiments.calibration.generations import Problem
from experiments.calibration.priors import Prior
from experiments.calibration.targets import Target
from experiments.outcomes import Array

PRIORS = (
    Prior("population.rd_gap", 0.08, 0.27, "linear"),
    Prior("finance_rd.slack", 1.55, 6.0, "log"),
    Prior("start_rd.stop_base", 0.265, 0.4, "linear"),  # moves nothing
)
SERIES = ("rd", "rd", "rd", "patents")
TRUTH = {"population.rd_gap": 0.3, "finance_rd.slack": 0.7}  # places inside the priors
EFFECT = np.array([[2.0, 0.0], [2.0, 0.2], [2.0, 0.4], [0.0, 1.5]])  # log points from one end of a prior to the other
NOISE = 0.02
BIAS = 0.15  # by which a scaled run is too high in the last point


def targets() -> tuple[Target, ...]:
    """What the stand-in leaves without noise at the truth."""
    logs = EFFECT @ np.array(list(TRUTH.values()))
    return tuple(
        Target(series, 2011 + i, float(100.0 * np.exp(log)), 0.03, "flow", "", "")
        for i, (series, log) in enumerate(zip(SERIES, logs, strict=True))
    )


def points(places: Mapping[str, float], k: int, noise: Array) -> Array:
    """Points of a run."""
    moved = EFFECT @ np.array([places[address] for address in TRUTH])
    moved[-1] += BIAS * (k > 1)
    return 100.0 * np.exp(moved + NOISE * noise)


def simulate_at(k: int) -> Callable[[Mapping[str, float]], dict[str, Array]]:
    """The model at a scale."""
    return lambda places: {"points": points(places, k, np.random.standard_normal(len(SERIES)))}  # noqa: NPY002


def look_at(rows: Array) -> Look:
    """The same parameter sets at both scales."""
    generator = np.random.default_rng(7)
    found = []
    for row in rows:
        places = dict(zip((prior.address for prior in PRIORS), row, strict=True))
        noise = generator.standard_normal(len(SERIES))
        found.append([points(places, k, noise) for k in (8, 1)])
    both = np.array(found)
    return Look(both[:, 0], both[:, 1])


def problem(folder: Path, size: int = 60, seed: int = 1) -> Problem:
    """The fit of the stand-in."""
    return Problem(folder, PRIORS, Distance(targets()), size, seed)


COURSE = Course(k=8, scaled=4, full=2, minutes=1000.0)


def _killed_at(run: int) -> Callable[[int], Callable[[Mapping[str, float]], dict[str, Array]]]:
    """The stand-in, which ends the process at a run as a power cut would."""
    left = [run]

    def at(k: int) -> Callable[[Mapping[str, float]], dict[str, Array]]:
        model = simulate_at(k)

        def one(places: Mapping[str, float]) -> dict[str, Array]:
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return model(places)

        return one

    return at


if __name__ == "__main__":
    import experiments.calibration.ordered_sampler as sampler

    sampler.cloudpickle.loads = lambda blob: blob  # the function itself, so that it counts in this process
    sampler.cloudpickle.dumps = lambda function: function
    proceed(problem(Path(sys.argv[1])), COURSE, _killed_at(int(sys.argv[2])), look_at)
