"""What runs leave, and its yearly values out of quarters.

A flow's year is the sum of its quarters, a stock's year is its fourth quarter, a ratio's year is made anew from the
year's numerator and denominator, and an index compares the ratios of a year with those of the first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from sim.catalogue.loader import catalogue
from sim.core.calendar import QUARTERS_A_YEAR, quarter_number, quarter_text
from sim.scenario import Scenario

Array = npt.NDArray[np.float64]
SIZES = ("micro", "small", "medium", "large")
OWNERSHIPS = ("state_key", "state", "private")
PROVINCE = ""


class Outcome(Protocol):
    """What one run leaves (see sim.model.Outcome)."""

    @property
    def quarterly(self) -> Array: ...  # noqa: D102
    @property
    def groups(self) -> Mapping[tuple[str, str], Array]: ...  # noqa: D102
    @property
    def ledger(self) -> Mapping[int, Mapping[str, Mapping[str, int]]]: ...  # noqa: D102
    @property
    def tax_expenditure(self) -> Mapping[int, Mapping[str, float]]: ...  # noqa: D102
    @property
    def totals(self) -> Sequence[Mapping[str, Any]]: ...  # noqa: D102


def periods(scenario: Scenario) -> list[str]:
    """Quarters of a scenario's run."""
    return quarters_between(scenario.start, scenario.end)


def quarters_between(start: str, end: str) -> list[str]:
    """Texts of the quarters from start to end, both included."""
    return [quarter_text(q) for q in range(quarter_number(start), quarter_number(end) + 1)]


def full_years(scenario: Scenario) -> list[int]:
    """Years of a scenario's run that have all four quarters."""
    return list(_full_years(scenario.start, scenario.end))


@lru_cache(maxsize=64)
def _full_years(start: str, end: str) -> tuple[int, ...]:
    """Kept: the tables of a sweep ask for it with every target of every point."""
    return tuple(int(p[:4]) for p in quarters_between(start, end) if p.endswith("Q4"))


def categories(dimension: str) -> list[str]:
    """Names of the groups of a dimension, in the order of the model's codes."""
    cat = catalogue()
    known = {
        "city": [row.city for row in cat.cities],
        "sector": [row.sector for row in cat.sectors],
        "size": list(SIZES),
        "ownership": list(OWNERSHIPS),
    }
    return known[dimension]


@dataclass(frozen=True)
class _Kinds:
    """Where flows, ratios (with their parts and factors) and indices stand among the indicators."""

    flows: list[int]
    ratios: list[int]
    numerators: list[int]
    denominators: list[int]
    factors: Array
    indices: list[tuple[int, list[int]]]


@lru_cache(maxsize=1)
def _kinds() -> _Kinds:
    place = indicator_places()
    rows = list(catalogue().indicators.values())
    ratios = [row for row in rows if row.kind == "ratio"]  # their parts are measured: no ratio is a part of another
    return _Kinds(
        [place[row.indicator] for row in rows if row.kind == "flow"],
        [place[row.indicator] for row in ratios],
        [place[row.numerator] for row in ratios],
        [place[row.denominator] for row in ratios],
        np.array([row.factor for row in ratios]),
        [(place[row.indicator], [place[part] for part in row.parts]) for row in rows if row.kind == "index"],
    )


@lru_cache(maxsize=1)
def indicator_places() -> dict[str, int]:
    """Number of each indicator in the catalogue's order."""
    return {name: i for i, name in enumerate(catalogue().indicators)}


def yearly_values(quarterly: Array) -> Array:
    """Yearly values (n_years, n_indicators) of quarterly ones (n_quarters, n_indicators), full years only."""
    kinds = _kinds()
    n_years = len(quarterly) // QUARTERS_A_YEAR
    by_year = quarterly[: n_years * QUARTERS_A_YEAR].reshape(n_years, QUARTERS_A_YEAR, quarterly.shape[1])
    result = by_year[:, -1, :].copy()
    result[:, kinds.flows] = by_year[:, :, kinds.flows].sum(axis=1)
    result[:, kinds.ratios] = ratio(result[:, kinds.numerators], result[:, kinds.denominators], kinds.factors)
    for i, parts in kinds.indices:
        result[:, i] = index(result[:, parts])
    return result


def index(parts: Array) -> Array:
    """100 x geometric mean of parts (n_years, n_parts) relative to the first year; nan where a part has no value."""
    positive = np.where(parts > 0.0, parts, np.nan)
    result: Array = 100.0 * np.exp(np.mean(np.log(positive / positive[:1]), axis=1))
    return result


def ratio(numerator: Array, denominator: Array, factor: float | Array) -> Array:
    """Factor x numerator / denominator; not a number where the denominator is zero."""
    safe = np.where(denominator == 0.0, np.nan, denominator)
    result: Array = factor * numerator / safe
    return result


@dataclass(frozen=True)
class Results:
    """All runs of one scenario.

    Attributes
    ----------
    replicates : numbers of the runs that are there.
    quarterly : shape (n_runs, n_quarters, n_indicators).
    groups : group name ('' for the province) to yearly values, shape (n_runs, n_years, n_indicators), nan where none.
    books : per run its ledger, tax expenditure and start-state totals.
    """

    scenario: Scenario
    replicates: tuple[int, ...]
    quarterly: Array
    groups: Mapping[str, Array]
    books: Sequence[Mapping[str, Any]]

    @property
    def years(self) -> list[int]:
        """Full years of the run."""
        return full_years(self.scenario)

    @property
    def yearly(self) -> Array:
        """Yearly values of the province, shape (n_runs, n_years, n_indicators)."""
        return self.groups[PROVINCE]
