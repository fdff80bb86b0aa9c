"""PRIM boxes: ranges of unknown numbers inside which a mix fails nearly always (EMA Workbench).

Coverage is the share of all failures inside a box, density the share of the runs inside that fail. Limits that chance
could have drawn (quasi p above a twentieth) are dropped again.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

from experiments.discovery.unknowns import States
from experiments.outcomes import Array
from sim.scenario_values import ScenarioError

Flags = npt.NDArray[np.bool_]
LEAST_DENSITY = 0.75  # of a box; and twice the share of failures at large where that is less
LEAST_MASS = 0.05
LEAST_GAIN = 1.3  # density of a box over the share of failures at large
PEEL = 0.08
CHANCE = 0.05  # quasi p of a limit above which it is dropped
MOST_BOXES = 3
FEWEST = 8  # runs of either kind below which no box is looked for


@dataclass(frozen=True)
class Limit:
    """One number that a box restricts: inside low..high the mix fails; quasi p : chance of so good a limit by luck."""

    place: int
    low: float
    high: float
    quasi_p: float


@dataclass(frozen=True)
class Box:
    """Where a mix fails; mass : share of the runs inside. A later box counts what the earlier ones left."""

    mix: str
    number: int
    coverage: float
    density: float
    mass: float
    limits: tuple[Limit, ...]


def library(name: str) -> Any:
    """A module of EMA Workbench. Raises ScenarioError where it is not installed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return import_module(f"ema_workbench.{name}")
    except ImportError:
        raise ScenarioError(["discover: needs pip install innopolicy[planning]"]) from None


def boxes_of(mix: str, states: States, failed: Array) -> list[Box]:
    """The boxes in which a mix fails, the one with the most failures first; none where failures are too few or all.

    failed : 1 where a run fails, (n_states, n_replicates).
    """
    outcome = failed.reshape(-1)
    if min(outcome.sum(), (1.0 - outcome).sum()) < FEWEST or not states.values.shape[1]:
        return []
    inputs = np.repeat(states.values, failed.shape[1], axis=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return list(_found(mix, inputs, outcome))


def _found(mix: str, inputs: Array, outcome: Array) -> Sequence[Box]:
    import pandas as pd

    columns = [str(place) for place in range(inputs.shape[1])]
    least = max(LEAST_DENSITY, min(0.95, 2.0 * float(outcome.mean())))
    prim = library("analysis.prim").Prim(
        pd.DataFrame(inputs, columns=columns), outcome.astype(bool), threshold=min(least, 0.99), peel_alpha=PEEL,
        mass_min=LEAST_MASS,
    )  # fmt: skip
    boxes: list[Box] = []
    left = np.ones(len(inputs), np.bool_)
    while len(boxes) < MOST_BOXES:
        found = prim.find_box()
        if found is None or not found.res_dim:
            break
        limits = _chosen(found, least)
        inside = _inside(inputs, limits) & left
        density = float(outcome[inside].mean()) if inside.any() else 0.0
        if not limits or density < LEAST_GAIN * float(outcome.mean()):
            break
        coverage = float(outcome[inside].sum() / outcome.sum())
        boxes.append(Box(mix, len(boxes) + 1, coverage, density, float(inside.mean()), limits))
        left &= ~inside
    return boxes


def _chosen(box: Any, least: float) -> tuple[Limit, ...]:
    """The limits of the step of the peeling with the best mean of coverage and density; none that may be luck."""
    rows = box.peeling_trajectory
    order = sorted(
        (i for i in range(len(rows)) if rows["density"][i] >= least or i == len(rows) - 1),
        key=lambda i: -_harmonic(float(rows["coverage"][i]), float(rows["density"][i])),
    )
    for i in order:
        limits = _limits(box.box_lims[i], box.box_lims[0], box.qp[i])
        if limits:
            box.select(i)
            return tuple(limits)
    return ()


def _inside(inputs: Array, limits: Sequence[Limit]) -> Flags:
    """Which runs lie inside all limits, (n_runs,)."""
    found = np.ones(len(inputs), np.bool_)
    for one in limits:
        found &= (inputs[:, one.place] >= one.low) & (inputs[:, one.place] <= one.high)
    return found


def _harmonic(coverage: float, density: float) -> float:
    return 2.0 * coverage * density / max(coverage + density, 1e-12)


def _limits(box: Any, whole: Any, quasi: Mapping[str, Sequence[float]]) -> list[Limit]:
    """The limits of a box that are no luck, by the place of their number."""
    found = []
    for name, values in quasi.items():
        low, high = float(box[name][0]), float(box[name][1])
        known = [float(value) for value in values]
        is_low = low > float(whole[name][0]) and 0.0 <= known[0] <= CHANCE
        is_high = high < float(whole[name][1]) and 0.0 <= known[1] <= CHANCE
        if is_low or is_high:
            held = [value for value, kept in zip(known, (is_low, is_high), strict=True) if kept]
            low = low if is_low else float(whole[name][0])
            high = high if is_high else float(whole[name][1])
            found.append(Limit(int(name), low, high, max(held)))
    return sorted(found, key=lambda one: one.quasi_p)
