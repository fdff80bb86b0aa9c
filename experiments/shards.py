"""The rows of a shard: what is kept of its runs, one row a run, period and group, one column an indicator.

Kept are, by `record`: `full`, quarters and years of the province, years of every group, and the books; `province`,
quarters and years of the province; `yearly`, years of the province. Keys are dictionary-encoded, values float64 and
null where an indicator has none. Books (ledger, tax expenditure, totals of the start) lie in the schema's metadata.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from experiments.outcomes import PROVINCE, Outcome, categories, full_years, periods, yearly_values
from experiments.plan import Plan, Run
from sim.catalogue.loader import catalogue
from sim.scenario import Scenario

Array = npt.NDArray[np.float64]
KEYS = ("run", "scenario", "replicate", "period", "group")


def table_of(plan: Plan, outcomes: Sequence[tuple[Run, Outcome]]) -> pa.Table:
    """The shard of these runs, in their order. Raises ValueError for an outcome that is not as declared."""
    names = list(catalogue().indicators)
    blocks: list[Array] = []
    lengths, times, groups = [], [], []
    for run, outcome in outcomes:
        parts = _parts(plan.points[run.point].scenario, outcome, plan.record, len(names))
        for period, group, _ in parts:
            times += period
            groups += [group] * len(period)
        blocks += [values for _, _, values in parts]
        lengths.append(sum(len(period) for period, _, _ in parts))
    values = np.concatenate(blocks)
    columns: dict[str, Any] = {
        "run": _coded([plan.run_id(run) for run, _ in outcomes], lengths),
        "scenario": _coded([plan.points[run.point].name for run, _ in outcomes], lengths),
        "replicate": pa.array(np.repeat(np.array([run.replicate for run, _ in outcomes], np.int32), lengths)),
        "period": pa.array(times).dictionary_encode(),
        "group": pa.array(groups).dictionary_encode(),
    }
    for i, name in enumerate(names):
        column = np.ascontiguousarray(values[:, i])
        columns[name] = pa.array(column, mask=np.isnan(column))
    told = {"record": plan.record}
    if plan.record == "full":
        told["books"] = books_of(plan, outcomes)
    return pa.table(columns).replace_schema_metadata(told)


def _coded(texts: Sequence[str], lengths: Sequence[int]) -> pa.DictionaryArray:
    """Each text as often as its length says, dictionary-encoded."""
    known = {text: code for code, text in enumerate(dict.fromkeys(texts))}
    codes = np.repeat(np.array([known[text] for text in texts], np.int32), lengths)
    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(list(known)))


def _parts(scenario: Scenario, outcome: Outcome, record: str, width: int) -> list[tuple[list[str], str, Array]]:
    """Periods, group and values (n_periods, n_indicators) of one run, as far as they are kept."""
    years = [str(year) for year in full_years(scenario)]
    parts = [(years, PROVINCE, yearly_values(outcome.quarterly))]
    if record != "yearly":
        parts.insert(0, (periods(scenario), PROVINCE, outcome.quarterly))
    if record == "full":
        parts += [(years, group, values) for group, values in group_values(outcome, width).items()]
    for times, group, values in parts:
        if values.shape != (len(times), width):
            raise ValueError(f"{scenario.name}: values of {values.shape} for {len(times)} periods of group {group!r}")
    return parts


def group_values(outcome: Outcome, width: int) -> dict[str, Array]:
    """Group name, such as city=Taiyuan, to yearly values (n_years, n_indicators); nan where an indicator has none."""
    position = {name: i for i, name in enumerate(catalogue().indicators)}
    by_dimension: dict[str, dict[str, Array]] = {}
    for (indicator, dimension), values in outcome.groups.items():
        by_dimension.setdefault(dimension, {})[indicator] = values
    found: dict[str, Array] = {}
    for dimension, tables in sorted(by_dimension.items()):
        labels = categories(dimension)
        n_years = len(next(iter(tables.values())))
        cube = np.full((len(labels), n_years, width), np.nan)
        for indicator, values in tables.items():
            if values.shape != (n_years, len(labels)):
                raise ValueError(f"{indicator} by {dimension}: {values.shape[1]} groups, expected {len(labels)}")
            cube[:, :, position[indicator]] = values.T
        found |= {f"{dimension}={label}": cube[i] for i, label in enumerate(labels)}
    return dict(sorted(found.items()))


def books_of(plan: Plan, outcomes: Sequence[tuple[Run, Outcome]]) -> str:
    """Ledgers, tax expenditure and start-state totals by run id, as JSON."""
    return json.dumps({plan.run_id(run): _book(plan.points[run.point].scenario, o) for run, o in outcomes},
                      sort_keys=True, default=float)  # fmt: skip


def _book(scenario: Scenario, outcome: Outcome) -> Mapping[str, Any]:
    return {
        "scale": scenario.scale,
        "ledger": {str(y): lines for y, lines in outcome.ledger.items()},
        "tax_expenditure": {str(y): t for y, t in outcome.tax_expenditure.items()},
        "totals": [dict(row) for row in outcome.totals],
    }
