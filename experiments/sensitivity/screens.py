"""Screens: designs of one kind around one scenario, carried out through plan and store, and read as arrays.

A screen follows from its texts alone, so that a killed one goes on and a stored run can be made again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from experiments.designs import Row
from experiments.machines import Settings
from experiments.origin import origin_of, settle_origin
from experiments.outcomes import Array
from experiments.overrides import Overrides
from experiments.plan import MODEL, Plan, Point
from experiments.points import points_of
from experiments.reading import results_of
from experiments.sensitivity import designs
from experiments.sensitivity.inputs import Input, inputs_of, named
from experiments.store import Store
from experiments.study import run_plan, tell
from sim.scenario_values import ScenarioError

VERB = "sensitivity"
MORRIS, SOBOL, SEEDS, ENDS = "morris", "sobol", "seeds", "ends"
DESIGNS = (MORRIS, SOBOL, SEEDS, ENDS)
EVERY = "every "  # with kinds of inputs: all of them, instead of a list of keys


@dataclass(frozen=True)
class Screen:
    """What is varied, and how.

    Attributes
    ----------
    design : one of DESIGNS; size : trajectories, samples or (seeds) replicates; not used by `ends`.
    keys : inputs separated by ;, or EVERY and a kind of inputs.
    year : last year of the run; k : real agents for one simulated agent.
    """

    name: str
    design: str
    scenario: str
    keys: str
    size: int
    year: int
    k: int
    seed: int
    replicates: int = 1

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The inputs that are varied. Raises ScenarioError for an unknown key."""
        if self.keys.startswith(EVERY):
            return inputs_of((self.keys.removeprefix(EVERY),))
        return named([key for key in self.keys.split(";") if key])

    def shares(self) -> Array:
        """The points of the unit cube, shape (n_points, n_inputs)."""
        n = len(self.inputs)
        if self.design == MORRIS:
            return designs.trajectories(n, self.size, self.seed)
        if self.design == SOBOL:
            return designs.saltelli(n, self.size, self.seed)
        return designs.ends(n) if self.design == ENDS else np.empty((1, 0))

    def rows(self) -> list[Row]:
        """The values of each point by key, as texts."""
        return designs.rows_of(self.inputs, self.shares())

    def texts(self) -> dict[str, Any]:
        """Plain data from which another process makes the same plan."""
        return {"verb": VERB, "arguments": [f"{key}={value}" for key, value in vars(self).items()]}


def screen_of(arguments: Sequence[str]) -> Screen:
    """The screen of its texts. Raises ScenarioError where they are none."""
    try:
        told = dict(text.split("=", 1) for text in arguments)
        whole = {key: int(told.pop(key)) for key in ("size", "year", "k", "seed", "replicates")}
        return Screen(**told, **whole)  # type: ignore[arg-type]
    except (ValueError, KeyError, TypeError):
        raise ScenarioError(["plan: its texts are not those of a screen"]) from None


def plan_of(screen: Screen, function: str = MODEL) -> tuple[Plan, npt.NDArray[np.int64]]:
    """The plan of a screen, and for each row of the design the position of its point, shape (n_rows,).

    Rows that say the same are one point. Raises ScenarioError for a value that the scenario refuses.
    """
    fixed = Overrides({}, {}, {"end": f"{screen.year}Q4", "population.k": str(screen.k)})
    found = points_of(screen.scenario, fixed, screen.rows())
    places: dict[str, int] = {}
    points: list[Point] = []
    for point in found:
        if point.fingerprint not in places:
            places[point.fingerprint] = len(points)
            points.append(point)
    replicates = screen.size if screen.design == SEEDS else screen.replicates
    plan = Plan(screen.name, tuple(points), screen.seed, replicates, "yearly", function, screen.texts())
    return plan, np.array([places[point.fingerprint] for point in found], np.int64)


@dataclass(frozen=True)
class Answers:
    """What came of a screen.

    Attributes
    ----------
    shares : the design, (n_rows, n_inputs).
    values : (n_rows, n_replicates, n_years, n_indicators), nan where a run failed or an indicator has no value.
    failures : reason to the number of runs that failed with it.
    """

    screen: Screen
    shares: Array
    values: Array
    failures: Mapping[str, int]

    def outcome(self, place: int, year: int) -> Array:
        """The mean over replicates of an indicator (its place in the catalogue) in the `year`-th year, (n_rows,)."""
        found: Array = self.values[:, :, year, place].mean(axis=1)
        return found


def carried_out(
    screen: Screen, folder: Path, settings: Settings, flags: Collection[str] = (), function: str = MODEL
) -> Answers:  # fmt: skip
    """Run what is missing of a screen and read all of it. Raises StoreError where the store was made otherwise."""
    plan, places = plan_of(screen, function)
    store = Store(folder / screen.name)
    store.probe()
    with store.lock():
        settle_origin(store, origin_of(plan, plan.texts["arguments"]), flags)
        report = run_plan(plan, store, settings)
        found = {one.scenario.name: one for one in results_of(plan, store, report.index)}
    tell(report, "--debug" in flags)
    shape = (plan.replicates, *next(iter(found.values())).yearly.shape[1:]) if found else (plan.replicates, 0, 0)
    values = np.full((len(plan.points), *shape), np.nan)
    for i, point in enumerate(plan.points):
        if point.name in found:
            values[i, list(found[point.name].replicates)] = found[point.name].yearly
    failures: dict[str, int] = {}
    for failure in report.failures:
        failures[failure.reason] = failures.get(failure.reason, 0) + 1
    return Answers(screen, screen.shares(), values[places], failures)
