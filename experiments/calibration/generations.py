"""Generations of ABC-SMC by pyabc, kept in its SQLite file: the same call goes on where the last one stopped.

A generation is one call of pyabc on what the file holds, whether the process is new or not, so that a fit that was
killed and taken up again is the same as one that was not. pyabc's parameters are normal scores of the places inside the
priors: standard normal before the fit, without bounds that a proposal could cross.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from experiments.calibration.distance import Distance
from experiments.calibration.priors import Prior
from experiments.calibration.simulation import POINTS
from experiments.outcomes import Array
from sim.scenario_values import ScenarioError

DATABASE = "particles.db"
ACCEPT_ALL = 1e300  # epsilon of the first generation, which is a sample of the prior; a failed run is farther
Simulate = Callable[[Mapping[str, float]], Mapping[str, Array]]


@dataclass(frozen=True)
class Weighted:
    """Weighted parameter sets.

    Attributes
    ----------
    places : shape (n, n_priors), from 0 to 1 inside each range; weights : shape (n,), adding up to 1.
    """

    places: Array
    weights: Array

    @property
    def effective(self) -> float:
        """Effective sample size of the weights."""
        return float(1.0 / np.sum(self.weights**2))


@dataclass(frozen=True)
class Particles(Weighted):
    """A generation: weighted parameter sets with their runs.

    points : shape (n, n_targets); distances : shape (n,); evaluations : runs that it took.
    """

    points: Array
    distances: Array
    evaluations: int


@dataclass(frozen=True)
class Problem:
    """What is fitted: free parameters, distance, particles a generation, seed, and the folder that keeps it."""

    folder: Path
    priors: tuple[Prior, ...]
    distance: Distance
    size: int
    seed: int

    @property
    def database(self) -> str:
        """Address of the SQLite file."""
        return f"sqlite:///{(self.folder / DATABASE).resolve()}"


def place_of(score: float) -> float:
    """The place inside a prior, from 0 to 1, of a normal score."""
    return 0.5 * math.erfc(-score / math.sqrt(2.0))


def pyabc_or_refuse() -> Any:
    """The library. Raises ScenarioError where it is not installed."""
    try:
        import pyabc
    except ImportError:
        raise ScenarioError(["calibrate: needs pip install innopolicy[science]"]) from None
    for name in ("ABC", "ABC.History", "ABC.Distance", "ABC.Epsilon"):
        logging.getLogger(name).setLevel(logging.WARNING)
    return pyabc


def count(problem: Problem) -> int:
    """Generations that are whole."""
    if not (problem.folder / DATABASE).is_file():
        return 0
    history = pyabc_or_refuse().History(problem.database)
    try:
        return 0 if history.id is None else int(history.max_t) + 1
    finally:
        history.done()


def add(
    problem: Problem, simulate: Simulate, epsilon: float, pool: Executor | None = None, workers: int = 1, what: str = ""
) -> int:
    """Add one generation: runs no farther than epsilon. Returns how many of its runs failed."""
    pyabc = pyabc_or_refuse()
    from experiments.calibration.ordered_sampler import OrderedSampler
    from experiments.calibration.shrunken_kernel import ShrunkenKernel

    sampler = OrderedSampler(problem.seed, pool, workers, what)
    distance = problem.distance
    smc = pyabc.ABCSMC(
        models=[lambda scores: simulate({name: place_of(score) for name, score in scores.items()})],
        parameter_priors=[pyabc.Distribution(**{p.address: pyabc.RV("norm", 0.0, 1.0) for p in problem.priors})],
        distance_function=lambda x, _: distance(x[POINTS]),
        transitions=[ShrunkenKernel()],
        population_size=problem.size,
        eps=pyabc.ConstantEpsilon(epsilon),
        sampler=sampler,
    )
    if count(problem):
        smc.load(problem.database, observed_sum_stat={})
    else:
        (problem.folder / DATABASE).unlink(missing_ok=True)  # begun, and killed before its first generation
        smc.new(problem.database, {})
    smc.run(max_nr_populations=1)
    return sampler.failures


def read(problem: Problem, t: int) -> Particles:
    """Generation t, in the order in which its particles were accepted."""
    history = pyabc_or_refuse().History(problem.database)
    try:
        found = history.get_population(t=t).particles
        evaluations = history.get_all_populations().set_index("t").loc[t, "samples"]
    finally:
        history.done()
    weights = np.array([particle.weight for particle in found], np.float64)
    places = [[place_of(particle.parameter[prior.address]) for prior in problem.priors] for particle in found]
    return Particles(
        np.array(places), weights / weights.sum(), np.array([particle.sum_stat[POINTS] for particle in found]),
        np.array([particle.distance for particle in found]), int(evaluations),
    )  # fmt: skip


def weighted_quantile(values: Array, weights: Array, shares: Sequence[float]) -> Array:
    """Quantiles of weighted values (n,) at shares: the smallest value with at least that share of the weight."""
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weights[order]) / weights.sum()
    places = np.minimum(np.searchsorted(below, np.asarray(shares) - 1e-12), len(values) - 1)
    found: Array = values[order][places]
    return found


def systematic(weights: Array, n: int, start: float = 0.5) -> Array:
    """n rows of weights (m,) in proportion to them: one every 1/n of the total weight, from start/n on."""
    below = np.cumsum(weights) / weights.sum()
    found: Array = np.minimum(np.searchsorted(below, (np.arange(n) + start) / n), len(weights) - 1)
    return found
