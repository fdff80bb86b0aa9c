"""Measures of sensitivity from a design and what came of its points; points that failed are left out and counted.

Morris: mu* is the mean absolute effect of an input, sigma the standard deviation of its effects, both in the outcome's
unit for the whole range of the input. Sobol: first is the share of variance that an input explains alone, total the
share that it takes part in. Intervals are 95 %, from SALib's bootstrap.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from experiments.sensitivity.designs import LEVELS, STEP, library, problem

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
LEAST = 2  # trajectories or samples without which nothing can be said
CLOSE = 1e-12  # a spread this much smaller than the mean is rounding


@dataclass(frozen=True)
class Effects:
    """Morris's measures of one outcome, each of shape (n_inputs,); used: trajectories without a failed point."""

    mu_star: Array
    mu_star_ci: Array
    sigma: Array
    used: int


@dataclass(frozen=True)
class Shares:
    """Sobol's shares of one outcome with the half widths of their intervals, each of shape (n_inputs,)."""

    first: Array
    first_ci: Array
    total: Array
    total_ci: Array
    used: int


def whole_blocks(outcome: Array, block: int) -> Flags:
    """Which points belong to a block (a trajectory, a sample) all of whose points have a value, shape (n_points,)."""
    is_whole = ~np.isnan(outcome.reshape(-1, block)).any(axis=1)
    return np.repeat(is_whole, block)


def effects_of(shares: Array, outcome: Array, seed: int = 1) -> Effects:
    """Morris's measures. shares : (n_points, n_inputs) of `trajectories`; outcome : (n_points,), nan where it failed.

    Raises ValueError where fewer than LEAST trajectories are whole.
    """
    block = shares.shape[1] + 1
    kept = whole_blocks(outcome, block)
    used = int(kept.sum()) // block
    if used < LEAST:
        raise ValueError(f"only {used} trajectories have all their runs")
    found = library("analyze.morris").analyze(
        problem(block - 1), shares[kept], outcome[kept], num_levels=LEVELS, seed=seed
    )
    mu_star, mu_star_ci, sigma = (np.asarray(found[name], np.float64) for name in ("mu_star", "mu_star_conf", "sigma"))
    return Effects(mu_star, mu_star_ci, sigma, used)


def shares_of(n_inputs: int, outcome: Array, seed: int = 1) -> Shares:
    """Sobol's shares. outcome : (n_points,) of `saltelli`, nan where it failed. A constant outcome has shares of zero.

    Raises ValueError where fewer than LEAST samples are whole.
    """
    block = n_inputs + 2
    kept = outcome[whole_blocks(outcome, block)]
    used = len(kept) // block
    if used < LEAST:
        raise ValueError(f"only {used} samples have all their runs")
    if np.ptp(kept) <= CLOSE * max(abs(float(kept.mean())), 1.0):
        nothing = np.zeros(n_inputs)
        return Shares(nothing, nothing, nothing, nothing, used)
    found = library("analyze.sobol").analyze(problem(n_inputs), kept, calc_second_order=False, seed=seed)
    first, first_ci, total, total_ci = (
        np.asarray(found[name], np.float64) for name in ("S1", "S1_conf", "ST", "ST_conf")
    )
    return Shares(first, first_ci, total, total_ci, used)


def noise(outcome: Array) -> float:
    """What mu* would be if a step did no more than change the seed. outcome : (n_seeds,) of one scenario.

    Mean absolute difference of two seeds over the length of a step: the most that chance alone can give, as runs of a
    trajectory share their seed.
    """
    pairs = np.abs(outcome[:, None] - outcome[None, :])
    n = len(outcome)
    return float(pairs.sum() / (n * (n - 1)) / STEP)


def stepped(shares: Array) -> npt.NDArray[np.int64]:
    """Which input a point changes against the point before it, -1 at the start of a trajectory, shape (n_points,)."""
    n_inputs = shares.shape[1]
    found = np.full(len(shares), -1, np.int64)
    inside = np.arange(len(shares)) % (n_inputs + 1) != 0
    found[inside] = np.argmax(shares[1:] != shares[:-1], axis=1)[inside[1:]]
    return found


def moving(shares: Array, everything: Array) -> Flags:
    """Which inputs changed anything at all, shape (n_inputs,).

    everything : (n_points, ...), all that is known of a point; nan is a value too, so that a point that fails where
    its neighbour does not is a change.
    """
    flat = everything.reshape(len(everything), -1)
    same = (flat[1:] == flat[:-1]) | (np.isnan(flat[1:]) & np.isnan(flat[:-1]))
    found = np.zeros(shares.shape[1], np.bool_)
    which = stepped(shares)[1:]
    found[which[(which >= 0) & ~same.all(axis=1)]] = True
    return found


def strongest(measures: Array, number: int) -> list[int]:
    """The inputs with the largest share of an outcome's summed mu*, by the outcome on which each is largest.

    measures : mu*, shape (n_outcomes, n_inputs). Ties stand in the order of the inputs.
    """
    sums = measures.sum(axis=1, keepdims=True)
    weights = np.divide(measures, sums, out=np.zeros_like(measures), where=sums > 0.0).max(axis=0)
    order = np.argsort(-weights, kind="stable")
    return [int(i) for i in order[:number] if weights[i] > 0.0]
