"""What the spread of runs is owed to: shares of parameters, chance and drivers, by runs that exchange one of them.

A sample has two values of each of the three: eight runs, one for each combination (pick and freeze). With V the
variance of runs that share nothing, half the mean squared difference of two runs is V less what they share. So runs
that share one alone give its first-order share, what it does by itself; runs that differ in one alone give its total
share, with what it does together with the others. First-order shares sum to at most one, total shares to at least one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from experiments.draws.driver_paths import LAST_YEAR, Array, forecast
from experiments.draws.variation import CENTRAL, Variation, drawn, number_of_draws, with_draws
from experiments.outcomes import indicator_places, yearly_values
from experiments.pairs import QUANTILES, Rows
from sim.scenario import Scenario

PARTS = ("parameters", "chance", "drivers")
COMBINATIONS = tuple(
    product((0, 1), repeat=len(PARTS))
)  # of the two values of each part, in the order of a sample's runs
RESAMPLES = 1000
ROWS, RESAMPLED = (
    0x726F7773,
    0x626F6F74,
)  # first words of the generators' keys: rows of a sample, samples of a bootstrap


@dataclass(frozen=True)
class Share:
    """A part's share of the variance of one outcome: estimates, and 5 and 95 % of a bootstrap; nan without spread."""

    first: float
    first_band: tuple[float, float]
    total: float
    total_band: tuple[float, float]


@dataclass(frozen=True)
class Sample:
    """Eight runs: what another process needs to work them.

    Attributes
    ----------
    against : a scenario whose outcomes are taken away, run with the same values; None: outcomes as they are.
    variation : what is drawn; a part that is central has the same value twice.
    outcomes : indicator and year, in the order of the values.
    """

    number: int
    scenario: Scenario
    against: Scenario | None
    variation: Variation
    seed: int
    outcomes: tuple[tuple[str, int], ...]


def _generator(what: int, seed: int, number: int = 0) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(key=np.array([what << 32 | seed, number], np.uint64)))


def rows_of(number: int, parameters: str, seed: int) -> tuple[int, int]:
    """The two rows of the table of draws that a sample takes: any two, drawn with replacement as the runs' would be."""
    n = number_of_draws(parameters)
    first, second = _generator(ROWS, seed, number).integers(0, n, size=2)
    return int(first), int(second)


def values_of(sample: Sample) -> Array:
    """Outcomes of a sample's runs, shape (8, n_outcomes), in the order of COMBINATIONS."""
    from sim.model import run  # compiles: not for those who only read shares

    kind, seed, places = sample.variation, sample.seed, indicator_places()
    rows = rows_of(sample.number, kind.parameters, seed) if kind.parameters != CENTRAL else (0, 0)
    sets = [drawn(kind.parameters, row) if kind.parameters != CENTRAL else {} for row in rows]
    keys = (2 * sample.number, 2 * sample.number + 1)
    paths = [forecast(kind.origin, LAST_YEAR, key, seed) if kind.drivers != CENTRAL else {} for key in keys]

    def outcomes(scenario: Scenario, which: tuple[int, ...]) -> Array:
        tried = with_draws(scenario, sets[which[0]], paths[which[2]])
        yearly = yearly_values(run(tried, seed, keys[which[1]]).quarterly)
        first = int(scenario.start[:4])
        return np.array([float(yearly[year - first, places[name]]) for name, year in sample.outcomes])

    found = np.array([outcomes(sample.scenario, which) for which in COMBINATIONS])
    if sample.against is None:
        return found
    difference: Array = found - np.array([outcomes(sample.against, which) for which in COMBINATIONS])
    return difference


def samples_of(first: Sample, count: int) -> list[Sample]:
    """So many samples, of which `first` is the pattern."""
    return [replace(first, number=number) for number in range(count)]


def _half_squares(values: Array) -> Mapping[tuple[bool, ...], Array]:
    """Half the squared difference of two runs of a sample, by which parts differ; the mean of the four such pairs.

    values : shape (n_samples, 8); the result has shape (n_samples,) for each pattern.
    """
    place = {which: i for i, which in enumerate(COMBINATIONS)}
    found = {}
    for differs in product((False, True), repeat=len(PARTS)):
        if any(differs):
            others = [place[tuple(w ^ d for w, d in zip(which, differs, strict=True))] for which in COMBINATIONS]
            found[differs] = ((values - values[:, others]) ** 2).mean(axis=1) / 2.0
    return found


def _shares(squares: Mapping[tuple[bool, ...], Array], part: int, rows: Rows) -> tuple[Array, Array]:
    """First-order and total share of a part; rows : samples taken, shape (n_resamples, n_samples)."""
    alone = tuple(i == part for i in range(len(PARTS)))
    variance = squares[True, True, True][rows].mean(axis=1)
    safe = np.where(variance > 0.0, variance, np.nan)
    shared = squares[tuple(not one for one in alone)][rows].mean(axis=1)
    first: Array = 1.0 - shared / safe
    total: Array = squares[alone][rows].mean(axis=1) / safe
    return first, total


def shares(values: Array, seed: int = 1) -> dict[str, Share]:
    """Shares of the parts from one outcome of all samples, shape (n_samples, 8).

    Intervals are those of a bootstrap over samples. Shares are nan where runs do not differ at all. An estimate may lie
    a little below zero or above one.
    """
    n, squares = len(values), _half_squares(values)
    every = np.arange(n)[None, :]
    resampled = _generator(RESAMPLED, seed).integers(0, n, size=(RESAMPLES, n))
    found = {}
    for part, name in enumerate(PARTS):
        first, total = (float(one[0]) for one in _shares(squares, part, every))
        bands = [tuple(np.quantile(one, QUANTILES).tolist()) for one in _shares(squares, part, resampled)]
        found[name] = Share(first, bands[0], total, bands[1])
    return found
