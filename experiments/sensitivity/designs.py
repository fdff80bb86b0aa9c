"""Designs in the unit cube: trajectories (Morris 1991), pairs of Saltelli (2010), both ends of each input.

Columns are inputs, 0 the bottom of a range and 1 its top; the same seed gives the same rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

from experiments.designs import Row
from experiments.sensitivity.inputs import Input
from sim.scenario_values import ScenarioError

Array = npt.NDArray[np.float64]
LEVELS = 4  # of a range in a trajectory
STEP = LEVELS / (2.0 * (LEVELS - 1))  # part of a range that one step of a trajectory spans


def library(name: str) -> Any:
    """A module of SALib. Raises ScenarioError where it is not installed."""
    try:
        return import_module(f"SALib.{name}")
    except ImportError:
        raise ScenarioError(["sensitivity: needs pip install innopolicy[science]"]) from None


def problem(n_inputs: int) -> dict[str, Any]:
    """The unit cube as SALib takes it."""
    names = [str(i) for i in range(n_inputs)]
    return {"num_vars": n_inputs, "names": names, "bounds": [[0.0, 1.0]] * n_inputs}


def trajectories(n_inputs: int, number: int, seed: int) -> Array:
    """Random walks in which each input steps once, shape (number * (n_inputs + 1), n_inputs)."""
    found: Array = library("sample.morris").sample(problem(n_inputs), number, num_levels=LEVELS, seed=seed)
    return found


def saltelli(n_inputs: int, samples: int, seed: int) -> Array:
    """Two Sobol samples and their mixtures, shape (samples * (n_inputs + 2), n_inputs). samples : a power of two."""
    found: Array = library("sample.sobol").sample(problem(n_inputs), samples, calc_second_order=False, seed=seed)
    return found


def ends(n_inputs: int) -> Array:
    """For each input its bottom and its top, nan (as the scenario has it) elsewhere, shape (2 * n_inputs, n_inputs)."""
    found = np.full((2 * n_inputs, n_inputs), np.nan)
    found[2 * np.arange(n_inputs), np.arange(n_inputs)] = 0.0
    found[2 * np.arange(n_inputs) + 1, np.arange(n_inputs)] = 1.0
    return found


def rows_of(inputs: Sequence[Input], shares: Array) -> list[Row]:
    """The texts by key of points of the unit cube, shape (n, n_inputs); nan leaves its key out."""
    return [
        {one.key: one.span.at(float(share)) for one, share in zip(inputs, point, strict=True) if not np.isnan(share)}
        for point in shares
    ]
