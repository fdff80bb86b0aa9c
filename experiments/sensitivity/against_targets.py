"""Which parameters history can tell: Morris's screening of all parameters against the targets of the calibration.

The effect of a step is how far it moves the run as the calibration sees it: the root of the mean square of log
differences over their scale, averaged in a series and then over series, that is, the distance of the calibration
between both runs. It is in units of that scale: 1 says that a step moves the run as far as observations and model may
differ.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from experiments.calibration import priors as calibration_priors
from experiments.calibration import targets as calibration_targets
from experiments.calibration.simulation import FIT_SCENARIO, fit_scenario
from experiments.calibration.targets import Target
from experiments.compose import DEFAULT_RESULTS
from experiments.fitted import columns_of_terminal, layout
from experiments.identification.history import Metric, identity, metric_of, model_of
from experiments.identification.reference import table
from experiments.outcomes import Array
from experiments.sensitivity.designs import STEP, trajectories
from experiments.sensitivity.indices import stepped
from experiments.sensitivity.inputs import PARAMETERS, Input, inputs_of
from experiments.store import write_file
from experiments.tables import csv_text
from experiments.verb_keys import Key, read_keys
from sim.catalogue.loader import catalogue

KEYS: Mapping[str, Key] = {
    "targets": Key("history", "what runs are held against", words=("history",)),
    "trajectories": Key(10, "of Morris's screening: each costs one run a parameter", 2, 10_000),
    "seeds": Key(16, "runs of the scenario as it stands, for the noise of a seed", 2, 1000),
    "population.k": Key(8, "real agents for one simulated agent", 1, 1000),
    "seed": Key(1, "of runs and designs", 0, 2**31 - 1),
    "workers": Key(None, "processes; all cores when not given", 1, 1024),
    "results": Key(f"{DEFAULT_RESULTS}/sensitivity", "folder for all output"),
}
COLUMNS = ("rank", "address", "title_en", "title_zh", "mu_star", "mu_star_ci", "noise", "series", "free")
LAST_FITTED = 2017
SHOWN = 40
DRAWS_OF_INTERVAL = 1000  # bootstrap


@dataclass(frozen=True)
class Moved:
    """What one parameter moves.

    Attributes
    ----------
    effect : mean distance between the runs before and after a step, over the length of a step; ci : half its 95 %
        interval; series : the group of targets that it moves most.
    """

    varied: Input
    effect: float
    ci: float
    series: str


def between(metric: Metric, before: Array, after: Array) -> Array:
    """Squared distance by target between runs, (n, n_targets); nan where one of them has no number."""
    found: Array = (metric.coordinates(after) - metric.coordinates(before)) ** 2
    return found


def moved(inputs: Sequence[Input], shares: Array, points: Array, targets: Sequence[Target], seed: int) -> list[Moved]:
    """What each input moves, the largest first. points : (n_points, n_targets), nan where a run failed."""
    squares = between(metric_of(targets), points[:-1], points[1:])
    which = stepped(shares)[1:]
    groups = list(dict.fromkeys(target.group for target in targets))
    member = np.array([groups.index(target.group) for target in targets])
    rng, found = np.random.default_rng(seed), []
    for i, one in enumerate(inputs):
        mine = squares[(which == i) & ~np.isnan(squares).any(axis=1)]
        if not len(mine):
            continue
        steps = np.sqrt(mine.sum(axis=1)) / STEP
        means = steps[rng.integers(0, len(steps), (DRAWS_OF_INTERVAL, len(steps)))].mean(axis=1)
        by_group = np.bincount(member, mine.mean(axis=0), len(groups))
        most = groups[int(by_group.argmax())] if by_group.any() else ""
        half = float(np.quantile(means, 0.975) - np.quantile(means, 0.025)) / 2.0
        found.append(Moved(one, float(steps.mean()), half, most))
    return sorted(found, key=lambda row: -row.effect)


def noise_of_seeds(points: Array, targets: Sequence[Target]) -> float:
    """What two seeds of one scenario would give as the effect of a step. points : (n_seeds, n_targets)."""
    first, second = np.triu_indices(len(points), 1)
    squares = between(metric_of(targets), points[first], points[second])
    return float(np.nanmean(np.sqrt(squares.sum(axis=1))) / STEP)


def rows_of(found: Sequence[Moved], floor: float, free: Collection[str]) -> list[list[str]]:
    """Rows of history_screening.csv; `free` are the addresses that the calibration fits."""
    return [
        [str(rank), one.varied.address, one.varied.title_en, one.varied.title_zh, f"{one.effect:.4f}", f"{one.ci:.4f}",
         f"{floor:.4f}", one.series, "yes" if one.varied.address in free else "no"]
        for rank, one in enumerate(found, 1)
    ]  # fmt: skip


def _runs(values: Mapping[str, Any], shares: Array, inputs: Sequence[Input]) -> tuple[Array, Array, tuple[Target, ...]]:
    """Points of the design (nan where a run failed), points of the seeds, and the targets."""
    targets = calibration_targets.load()
    scenario = fit_scenario(values["population.k"], LAST_FITTED)
    priors = [
        calibration_priors.Prior(one.address, one.span.low, one.span.high, "log" if one.span.log else "linear")
        for one in inputs
    ]
    seed, workers = values["seed"], values["workers"]
    model = OneSeed(model_of(scenario, priors, targets, seed))
    folder = Path(values["results"]) / f"history_{identity(scenario, priors, targets, seed)}"
    design = table(model, shares, 0, folder / "design", workers, "screening against history, chunks")
    known = catalogue().parameters
    centre = np.array([[p.place(known[p.address].value) for p in priors]])
    many = model_of(scenario, priors, targets, seed)
    seeds = table(many, np.repeat(centre, values["seeds"], axis=0), 0, folder / "seeds", workers, "seeds, chunks")
    return design.points, seeds.points, targets


@dataclass(frozen=True)
class OneSeed:
    """A model in which every run has the replicate 0: differences along a trajectory are then owed to its steps."""

    model: Any

    def __call__(self, places: Array, replicate: int) -> Array:
        """Points of one run."""
        found: Array = self.model(places, 0)
        return found


def main(arguments: Sequence[str], flags: Collection[str] = ()) -> int:
    """Screen the parameters against history and write history_screening.csv; 0 when done. Raises ScenarioError."""
    values = read_keys(arguments, KEYS)
    inputs = inputs_of((PARAMETERS,))
    shares = trajectories(len(inputs), values["trajectories"], values["seed"])
    points, seeds, targets = _runs(values, shares, inputs)
    found, floor = moved(inputs, shares, points, targets, values["seed"]), noise_of_seeds(seeds, targets)
    free = {prior.address for prior in calibration_priors.load()}
    rows = rows_of(found, floor, free)
    path = Path(values["results"]) / "history_screening.csv"
    write_file(path, csv_text(COLUMNS, rows))
    shown = [[row[0], row[1], row[4], row[5], row[7], row[8]] for row in rows]
    late = [row for row in shown[SHOWN:] if row[5] == "yes"]
    heads = ["rank", "parameter", "moves", "+-", "most of all", "free"]
    print(f"what each parameter moves of {FIT_SCENARIO} 2011-{LAST_FITTED}, in scales of the distance; two seeds alone:"
          f" {floor:.3f}")  # fmt: skip
    print("\n".join(layout([heads, *shown[:SHOWN], *late], columns_of_terminal())))
    failed = int(np.isnan(between(metric_of(targets), points, points)).any(axis=1).sum())
    if failed:
        print(f"{failed} runs leave no number for a target; steps to and from them were left out")
    print(f"table: {path.as_posix()}")
    return 0
