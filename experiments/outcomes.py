"""Turns what runs leave into tables: yearly values out of quarters, rows of a shard, and back into arrays.

A flow's year is the sum of its quarters, a stock's year is its fourth quarter, a ratio's year is made anew from the
year's numerator and denominator, and an index compares the ratios of a year with those of the first.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sim.catalogue.loader import catalogue
from sim.core.calendar import QUARTERS_A_YEAR, quarter_number, quarter_text
from sim.scenario import Scenario

Array = npt.NDArray[np.float64]
SIZES = ("micro", "small", "medium", "large")
OWNERSHIPS = ("state_key", "state", "private")
KEYS = ("run", "scenario", "replicate", "period", "group")
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


def run_id(scenario: Scenario, seed: int, replicate: int) -> str:
    """The name of one run: what it says, its seed and its replicate, and nothing else (64 hex digits)."""
    return hashlib.sha256(f"{scenario.fingerprint()}/{seed}/{replicate}".encode()).hexdigest()


def periods(scenario: Scenario) -> list[str]:
    """Quarters of a scenario's run."""
    return _periods(scenario.start, scenario.end)


def _periods(start: str, end: str) -> list[str]:
    return [quarter_text(q) for q in range(quarter_number(start), quarter_number(end) + 1)]


def full_years(scenario: Scenario) -> list[int]:
    """Years of a scenario's run that have all four quarters."""
    return [int(p[:4]) for p in periods(scenario) if p.endswith("Q4")]


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
class _Layout:
    """The rows of one run in a shard: quarters and years of the province, then years of each group by its name.

    Attributes
    ----------
    period, group : texts of each row.
    places : dimension -> first row and order (by name) of its groups.
    """

    n_quarters: int
    n_years: int
    period: list[str]
    group: list[str]
    places: dict[str, tuple[int, list[int]]]

    def fill(self, block: Array, name: str, outcome: Outcome) -> None:
        """Write a run into its columns of a table, shape (n_indicators, n_rows), nan where it has nothing to say.

        Raises ValueError where the run has other periods or groups than the scenario.
        """
        place, yearly = indicator_places(), yearly_values(outcome.quarterly)
        self._check(name, PROVINCE, len(outcome.quarterly), self.n_quarters)
        self._check(name, PROVINCE, len(yearly), self.n_years)
        block[:, : self.n_quarters] = outcome.quarterly.T
        block[:, self.n_quarters : self.n_quarters + self.n_years] = yearly.T
        for (indicator, dimension), values in outcome.groups.items():
            first, order = self.places[dimension]
            if values.shape[1] != len(order):
                raise ValueError(f"{indicator} by {dimension}: {values.shape[1]} groups, expected {len(order)}")
            self._check(name, dimension, len(values), self.n_years)
            block[place[indicator], first : first + values.size] = values.T[order].ravel()

    @staticmethod
    def _check(name: str, group: str, found: int, expected: int) -> None:
        if found != expected:
            raise ValueError(f"{name}: {found} rows for {expected} periods of group {group!r}")


@lru_cache(maxsize=8)
def _layout(start: str, end: str, dimensions: tuple[str, ...]) -> _Layout:
    """Rows of a run from start to end with groups of the dimensions (in alphabetical order)."""
    quarters = _periods(start, end)
    years = [quarter[:4] for quarter in quarters if quarter.endswith("Q4")]
    period, group = quarters + years, [PROVINCE] * (len(quarters) + len(years))
    places = {}
    for dimension in dimensions:
        labels = categories(dimension)
        order = sorted(range(len(labels)), key=labels.__getitem__)
        places[dimension] = len(period), order
        period = period + years * len(labels)
        group = group + [f"{dimension}={labels[i]}" for i in order for _ in years]
    return _Layout(len(quarters), len(years), period, group, places)


@lru_cache(maxsize=1)
def _schema() -> pa.Schema:
    """The columns of a shard."""
    text = {"replicate": pa.int32()}
    indicators = [pa.field(name, pa.float64()) for name in catalogue().indicators]
    return pa.schema([pa.field(key, text.get(key, pa.string())) for key in KEYS] + indicators)


def table_of(scenario: Scenario, seed: int, outcomes: Mapping[int, Outcome]) -> pa.Table:
    """Rows of a shard: one a run, period and group, one column an indicator. Ledgers lie in the schema's metadata."""
    runs = sorted(outcomes.items())
    dimensions = [tuple(sorted({dimension for _, dimension in outcome.groups})) for _, outcome in runs]
    layouts = [_layout(scenario.start, scenario.end, names) for names in dimensions]
    sizes = [len(layout.period) for layout in layouts]
    values = np.full((len(indicator_places()), sum(sizes)), np.nan)
    first = 0
    for layout, (_, outcome) in zip(layouts, runs, strict=True):
        layout.fill(values[:, first : first + len(layout.period)], scenario.name, outcome)
        first += len(layout.period)
    names = [run_id(scenario, seed, replicate) for replicate, _ in runs]
    keys = [
        pa.array(np.repeat(names, sizes)),
        pa.array([scenario.name] * len(values[0])),
        pa.array(np.repeat(np.array([replicate for replicate, _ in runs], np.int32), sizes)),
        pa.array([text for layout in layouts for text in layout.period]),
        pa.array([text for layout in layouts for text in layout.group]),
    ]
    columns = [pa.array(row, mask=missing) for row, missing in zip(values, np.isnan(values), strict=True)]
    return pa.Table.from_arrays(keys + columns, schema=_schema().with_metadata({"books": _books(scenario, outcomes)}))


def _books(scenario: Scenario, outcomes: Mapping[int, Outcome]) -> str:
    """Ledgers, tax expenditure and start-state totals by replicate, as JSON."""
    books = {
        str(replicate): {
            "scale": scenario.scale,
            "ledger": outcome.ledger,
            "tax_expenditure": outcome.tax_expenditure,
            "totals": outcome.totals,
        }
        for replicate, outcome in outcomes.items()
    }
    return json.dumps(books, sort_keys=True, default=_number)


def _number(value: Any) -> int | float:
    """A whole number or a float for JSON, out of numpy's."""
    return int(value) if isinstance(value, np.integer) else float(value)


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


def results_of(scenario: Scenario, tables: Sequence[pa.Table]) -> Results:
    """Put the shards of one scenario together; runs in order of their replicate."""
    names = list(catalogue().indicators)
    runs: dict[int, tuple[Array, dict[str, Array], Any]] = {}
    for table in tables:
        books = json.loads(table.schema.metadata[b"books"])
        values = np.column_stack([table[name].to_numpy(zero_copy_only=False) for name in names]).astype(np.float64)
        replicate = table["replicate"].to_numpy()
        group = np.array(table["group"].to_pylist())
        is_quarter = np.array(["Q" in p for p in table["period"].to_pylist()])
        for r in np.unique(replicate):
            mine = replicate == r
            yearly = {str(g): values[mine & ~is_quarter & (group == g)] for g in np.unique(group[mine])}
            yearly.setdefault(PROVINCE, np.empty((0, len(names))))
            runs[int(r)] = (values[mine & is_quarter], yearly, books[str(r)])
    order = sorted(runs)
    return Results(
        scenario,
        tuple(order),
        np.stack([runs[r][0] for r in order]),
        {g: np.stack([runs[r][1][g] for r in order]) for g in sorted(runs[order[0]][1])},
        [runs[r][2] for r in order],
    )
