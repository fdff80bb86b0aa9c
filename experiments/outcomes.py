"""Turns what runs leave into tables: yearly values out of quarters, rows of a shard, and back into arrays.

A flow's year is the sum of its quarters, a stock's year is its fourth quarter, a ratio's year is made anew from the
year's numerator and denominator, and an index compares the ratios of a year with those of the first.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
    return [quarter_text(q) for q in range(quarter_number(scenario.start), quarter_number(scenario.end) + 1)]


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


def yearly_values(quarterly: Array) -> Array:
    """Yearly values (n_years, n_indicators) of quarterly ones (n_quarters, n_indicators), full years only."""
    rows = list(catalogue().indicators.values())
    place = {row.indicator: i for i, row in enumerate(rows)}
    n_years = len(quarterly) // QUARTERS_A_YEAR
    by_year = quarterly[: n_years * QUARTERS_A_YEAR].reshape(n_years, QUARTERS_A_YEAR, len(rows))
    result = by_year[:, -1, :].copy()
    for row, i in ((row, place[row.indicator]) for row in rows):
        if row.kind == "flow":
            result[:, i] = by_year[:, :, i].sum(axis=1)
    for row, i in ((row, place[row.indicator]) for row in rows):
        if row.kind == "ratio":
            result[:, i] = ratio(result[:, place[row.numerator]], result[:, place[row.denominator]], row.factor)
    for row, i in ((row, place[row.indicator]) for row in rows):
        if row.kind == "index":
            result[:, i] = index(result[:, [place[part] for part in row.parts]])
    return result


def index(parts: Array) -> Array:
    """100 x geometric mean of parts (n_years, n_parts) relative to the first year; nan where a part has no value."""
    positive = np.where(parts > 0.0, parts, np.nan)
    result: Array = 100.0 * np.exp(np.mean(np.log(positive / positive[:1]), axis=1))
    return result


def ratio(numerator: Array, denominator: Array, factor: float) -> Array:
    """Factor x numerator / denominator; not a number where the denominator is zero."""
    safe = np.where(denominator == 0.0, np.nan, denominator)
    result: Array = factor * numerator / safe
    return result


def _group_rows(outcome: Outcome) -> dict[str, Array]:
    """Group name, such as city=Taiyuan, to yearly values (n_years, n_indicators); nan where an indicator has none."""
    names = list(catalogue().indicators)
    found: dict[str, Array] = {}
    for (indicator, dimension), values in sorted(outcome.groups.items()):
        labels = categories(dimension)
        if values.shape[1] != len(labels):
            raise ValueError(f"{indicator} by {dimension}: {values.shape[1]} groups, expected {len(labels)}")
        for position, label in enumerate(labels):
            name = f"{dimension}={label}"
            table = found.setdefault(name, np.full((len(values), len(names)), np.nan))
            table[:, names.index(indicator)] = values[:, position]
    return found


def table_of(scenario: Scenario, seed: int, outcomes: Mapping[int, Outcome]) -> pa.Table:
    """Rows of a shard: one a run, period and group, one column an indicator. Ledgers lie in the schema's metadata."""
    keys: dict[str, list[Any]] = {key: [] for key in KEYS}
    blocks: list[Array] = []
    for replicate, outcome in sorted(outcomes.items()):
        run, years = run_id(scenario, seed, replicate), [str(year) for year in full_years(scenario)]
        parts = [(periods(scenario), PROVINCE, outcome.quarterly), (years, PROVINCE, yearly_values(outcome.quarterly))]
        parts += [(years, group, values) for group, values in sorted(_group_rows(outcome).items())]
        for times, group, values in parts:
            if len(times) != len(values):
                raise ValueError(f"{scenario.name}: {len(values)} rows for {len(times)} periods of group {group!r}")
            blocks.append(values)
            for time in times:
                for key, value in zip(KEYS, (run, scenario.name, replicate, time, group), strict=True):
                    keys[key].append(value)
    values = np.concatenate(blocks)
    columns: dict[str, Any] = {key: pa.array(keys[key]) for key in KEYS if key != "replicate"}
    columns["replicate"] = pa.array(keys["replicate"], pa.int32())
    arrays = {key: columns[key] for key in KEYS}
    for i, name in enumerate(catalogue().indicators):
        column = values[:, i]
        arrays[name] = pa.array(column, pa.float64(), mask=np.isnan(column))
    return pa.table(arrays).replace_schema_metadata({"books": _books(scenario, outcomes)})


def _books(scenario: Scenario, outcomes: Mapping[int, Outcome]) -> str:
    """Ledgers, tax expenditure and start-state totals by replicate, as JSON."""
    books = {
        str(replicate): {
            "scale": scenario.scale,
            "ledger": {
                str(y): {line: {k: int(v) for k, v in a.items()} for line, a in lines.items()}
                for y, lines in o.ledger.items()
            },
            "tax_expenditure": {str(y): {k: float(v) for k, v in t.items()} for y, t in o.tax_expenditure.items()},
            "totals": [dict(row) for row in o.totals],
        }
        for replicate, o in outcomes.items()
    }
    return json.dumps(books, sort_keys=True, default=float)


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
