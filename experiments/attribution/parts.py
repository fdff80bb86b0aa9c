"""Each group's part of an outcome, what two groups do together beyond that, and their bands.

The game is played in every replicate by itself: all coalitions of a replicate have the same seed, parameters and
drivers, so the spread of a group's part over the replicates is what is not known of it, free of what all coalitions
share. A chance is no value of one run: its parts are the means over replicates, and their bands are those of a
bootstrap over replicates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

import numpy as np

from experiments.attribution.groups import Group
from experiments.attribution.questions import Question
from experiments.attribution.shapley import interactions, shapley
from experiments.caution import LEAST_SEEDS
from experiments.effects import same_sign
from experiments.outcomes import Array, Results
from experiments.pairs import QUANTILES, band, beyond_chance

RESAMPLES = 1000
RESAMPLED = 0x61747472  # first word of the generator's key ("attr"): its draws are no draws of the model
LEAST_COST = 0.01  # 100 million yuan; less is no cost, as in effects.py
Band = tuple[float, float, float]  # mean, 5 % and 95 %


@dataclass(frozen=True)
class Parts:
    """What came of one question.

    Attributes
    ----------
    values : one value a run and coalition, shape (n_runs, 2^n).
    shares : each group's exact part in each run, (n_runs lists of n).
    together : the interaction of each pair in each run, in the order of `pairs`.
    """

    question: Question
    groups: tuple[Group, ...]
    values: Array
    shares: tuple[tuple[Fraction, ...], ...]
    together: tuple[tuple[Fraction, ...], ...]
    seed: int = 1

    @property
    def runs(self) -> int:
        """Paired runs of each coalition."""
        return len(self.values)

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Places of the groups of each pair."""
        return list(combinations(range(len(self.groups)), 2))

    def exact(self, group: int) -> Fraction:
        """The mean part of a group; over all groups they sum exactly to `exact_total`."""
        return sum((run[group] for run in self.shares), Fraction(0)) / self.runs

    @property
    def exact_total(self) -> Fraction:
        """The mean difference of the full and the empty coalition."""
        ends = (Fraction(float(run[-1])) - Fraction(float(run[0])) for run in self.values)
        return sum(ends, Fraction(0)) / self.runs

    def part(self, group: int) -> Array:
        """A group's part in each run, shape (n_runs,)."""
        return np.array([float(run[group]) for run in self.shares])

    def pair(self, place: int) -> Array:
        """What a pair does together beyond its parts in each run, shape (n_runs,)."""
        return np.array([float(run[place]) for run in self.together])

    def band(self, values: Array) -> Band:
        """Mean and band of one value a run: over the runs, or of the mean where the question is a chance."""
        if self.question.kind != "probability":
            return band(values)
        low, high = np.quantile(_resampled(values, self.seed), QUANTILES)
        return float(values.mean()), float(low), float(high)

    def agreeing(self, values: Array) -> float | None:
        """Share of the runs with the sign of the mean; None for a chance, which a single run has not."""
        return None if self.question.kind == "probability" else same_sign(values)


def _resampled(values: Array, seed: int) -> Array:
    """Means of samples of the runs, drawn with replacement, shape (RESAMPLES,)."""
    generator = np.random.Generator(np.random.Philox(key=np.array([RESAMPLED << 32 | seed, 0], np.uint64)))
    means: Array = values[generator.integers(0, len(values), size=(RESAMPLES, len(values)))].mean(axis=1)
    return means


def game_of(question: Question, results: Sequence[Results]) -> Array | None:
    """Values of all coalitions in the runs that all of them have, shape (n_runs, 2^n); None where one has no value.

    results : one for each coalition, in their order. Raises ValueError where a replicate took other parameters or
    drivers in one than in another.
    """
    common = sorted(set.intersection(*(set(one.replicates) for one in results)))
    columns = []
    for one in results:
        places = [one.replicates.index(replicate) for replicate in common]
        if one.draws and [one.draws[i] for i in places] != [_draw_of(results[0], r) for r in common]:
            raise ValueError(f"{one.scenario.name}: took other parameters or drivers than {results[0].scenario.name}")
        values = question.values(one)
        if values is None:
            return None
        columns.append(values[places])
    return np.column_stack(columns)


def _draw_of(results: Results, replicate: int) -> str:
    return results.draws[results.replicates.index(replicate)]


def parts_of(question: Question, groups: Sequence[Group], values: Array, seed: int = 1) -> Parts:
    """The parts of a question whose values are known, shape (n_runs, 2^n)."""
    games = [run.tolist() for run in values]
    shares = tuple(tuple(shapley(game)) for game in games)
    together = tuple(tuple(interactions(game).values()) for game in games)
    return Parts(question, tuple(groups), values, shares, together, seed)


def per_100m(effect: Array, cost: Array) -> Band | None:
    """Effect of each 100 million yuan, from one effect and one cost (100 million yuan) a run.

    The ratio of the means, with the band of the runs' ratios. None where it would say nothing: where cost or effect is
    not beyond chance, where a run cost nothing, or where runs are too few.
    """
    spent = band(cost)
    if len(effect) < LEAST_SEEDS or spent[0] < LEAST_COST or (cost <= 0.0).any() or spent[1] <= 0.0:
        return None
    mean, low, high = band(effect)
    if not beyond_chance(low, high):
        return None
    _, each_low, each_high = band(effect / cost)
    return mean / spent[0], each_low, each_high
