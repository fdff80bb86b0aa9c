"""Reads sealed runs back into arrays, each shard once, by the ids of the runs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from experiments.index import Index
from experiments.outcomes import PROVINCE, Results
from experiments.plan import Plan, Run
from experiments.store import Store, StoreError
from sim.catalogue.loader import catalogue

Array = npt.NDArray[np.float64]


@dataclass
class RunRows:
    """What is kept of one run: quarters (n_quarters, n_indicators), years by group, its books."""

    quarterly: Array
    groups: dict[str, Array] = field(default_factory=dict)
    book: dict[str, Any] = field(default_factory=dict)


def results_of(plan: Plan, store: Store, index: Index) -> list[Results]:
    """The results of every point that has runs, in the plan's order; runs in order of their replicate.

    Raises StoreError when a sealed file is not true.
    """
    held = index.runs.get(plan.record, {})
    wanted = {plan.run_id(Run(p, r)) for p in range(len(plan.points)) for r in range(plan.replicates)}
    return gathered(plan, dict(_read(store, {run: held[run] for run in wanted & held.keys()})))


def gathered(plan: Plan, found: Mapping[str, RunRows]) -> list[Results]:
    """Runs by id, put together by point."""
    results = []
    for position, point in enumerate(plan.points):
        runs = [(r, found.get(plan.run_id(Run(position, r)))) for r in range(plan.replicates)]
        rows = [one for _, one in runs if one is not None]
        if rows:
            groups = {name: np.stack([one.groups[name] for one in rows]) for name in sorted(rows[0].groups)}
            quarterly = np.stack([one.quarterly for one in rows])
            replicates = tuple(r for r, one in runs if one is not None)
            books, draws = [one.book for one in rows], tuple(map(plan.draw_id, replicates))
            results.append(Results(point.scenario, replicates, quarterly, groups, books, plan.variation, draws))
    return results


def _read(store: Store, shard_of: dict[str, str]) -> Iterator[tuple[str, RunRows]]:
    """The wanted runs, shard by shard."""
    wanted: dict[str, set[str]] = {}
    for run, shard in shard_of.items():
        wanted.setdefault(shard, set()).add(run)
    for shard, runs in sorted(wanted.items()):
        for run, rows in runs_of(store.read(store.path_of(shard))):
            if run in runs:
                runs.discard(run)
                yield run, rows
        if runs:
            raise StoreError(f"{shard}: does not hold run {min(runs)} any more; run the study again")


def runs_of(table: pa.Table) -> Iterator[tuple[str, RunRows]]:
    """The runs of a shard by their id, in the order of the shard."""
    names = list(catalogue().indicators)
    values = np.column_stack([table[name].to_numpy(zero_copy_only=False) for name in names]).astype(np.float64)
    books = json.loads((table.schema.metadata or {}).get(b"books", b"{}"))
    run, group, is_quarter = codes(table, "run"), codes(table, "group"), _quarters(table)
    key = (run[0].astype(np.int64) * (len(group[1]) + 1) + group[0]) * 2 + is_quarter
    borders = [0, *(np.flatnonzero(np.diff(key)) + 1).tolist(), len(key)]
    current, rows = "", RunRows(np.empty((0, len(names))))
    for first, last in pairwise(borders):
        name = run[1][run[0][first]]
        if name != current:
            if current:
                yield current, rows
            current = name
            rows = RunRows(np.empty((0, len(names))), {PROVINCE: np.empty((0, len(names)))}, books.get(name, {}))
        if is_quarter[first]:
            rows.quarterly = values[first:last]
        else:
            rows.groups[group[1][group[0][first]]] = values[first:last]
    if current:
        yield current, rows


def codes(table: pa.Table, name: str) -> tuple[npt.NDArray[np.int64], list[str]]:
    """Codes and texts of a key column."""
    column = table[name].combine_chunks()
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    return column.indices.to_numpy(zero_copy_only=False).astype(np.int64), column.dictionary.to_pylist()


def _quarters(table: pa.Table) -> npt.NDArray[np.bool_]:
    """Which rows are of a quarter, not of a year."""
    period, texts = codes(table, "period")
    return np.array(["Q" in text for text in texts], np.bool_)[period] if texts else np.zeros(0, np.bool_)
