"""Writes what came of a sweep: its points, the headline outcomes of each by year, and its chance of the main targets.

Read are the columns that are shown, shard by shard; all else stays in the sealed files (`innopolicy export`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from experiments.costs import OUTCOMES
from experiments.index import Index
from experiments.origin import model_files
from experiments.outcomes import PROVINCE, Array, Results
from experiments.plan import Plan, Run
from experiments.reading import codes
from experiments.scorecard import score, summary, write_number
from experiments.sealed_json import read_sealed, sealed_text
from experiments.store import Store, StoreError, write_file
from experiments.tables import STATISTICS, csv_lines, csv_text
from sim.catalogue.loader import catalogue
from sim.catalogue.rows import TargetRow

MANIFEST = "manifest.json"
TABLES = ("points.csv", "outcomes.csv", "targets.csv")
POINT = ("point", "scenario", "fingerprint")
OUTCOME_COLUMNS = ("point", "indicator", "unit", "year", "runs", *STATISTICS)
TARGET_COLUMNS = (
    "point",
    "target_id",
    "indicator",
    "unit",
    "target_year",
    "target",
    "runs",
    *STATISTICS,
    "probability",
)


def write_sweep(plan: Plan, store: Store, index: Index, manifest: Mapping[str, Any]) -> str:
    """points.csv, outcomes.csv, targets.csv and manifest.json; says where they are. Nothing is made twice."""
    told = {"study": plan.study, "seed": plan.seed, "replicates": plan.replicates, "record": plan.record,
            "points": len(plan.points), "plan": plan.digest(), "shards": sorted(index.shards),
            "code": _code(), **manifest}  # fmt: skip
    if not _stands(store, told):
        texts = {"points.csv": points_text(plan), **_tables(plan, store, index)}
        for name, text in texts.items():
            write_file(store.folder / name, text)
        digests = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()}
        write_file(store.folder / MANIFEST, sealed_text({**told, "tables": digests}))
    return f"tables: {store.folder.as_posix()}/outcomes.csv, targets.csv, points.csv"


def _stands(store: Store, told: Mapping[str, Any]) -> bool:
    """Whether the tables are there, true, and made of the same runs by the same code."""
    try:
        found = read_sealed(store.folder / MANIFEST)
        digests = found.pop("tables", {})
        there = {name: hashlib.sha256((store.folder / name).read_bytes()).hexdigest() for name in TABLES}
    except (OSError, StoreError):
        return False
    return digests == there and found == dict(told)


def _code() -> str:
    """Digest of all code and data that could change a table."""
    folder = Path(__file__).parent
    parts = [path.read_bytes() for path in sorted(folder.rglob("*.py"))]
    return hashlib.sha256(b"".join(parts) + repr(dict(model_files())).encode()).hexdigest()[:24]


def _tables(plan: Plan, store: Store, index: Index) -> dict[str, str]:
    """The outcomes of all points by year, and their chances of the main targets.

    A point's values go once its lines are written: a parent of 10,000 runs stays small.
    """
    targets = [row for row in catalogue().targets.values() if row.main and row.status == "simulated"]
    names = _columns(targets)
    yearly = dict(_yearly_values(plan, store, index, names))
    outcomes, chances = [csv_lines([OUTCOME_COLUMNS])], [csv_lines([TARGET_COLUMNS])]
    for position in range(len(plan.points)):
        results = _results(plan, position, names, yearly)
        if results is not None:
            outcomes.append(csv_lines(_outcome_rows(results)))
            chances.append(csv_lines(_target_rows(results, targets)))
    return {"outcomes.csv": "".join(outcomes), "targets.csv": "".join(chances)}


def points_text(plan: Plan) -> str:
    """The points of a plan with their values, one column a key."""
    keys = list(dict.fromkeys(key for point in plan.points for key in point.values))
    rows = ([p.name, p.base, p.fingerprint, *(p.values.get(key, "") for key in keys)] for p in plan.points)
    return csv_text((*POINT, *keys), rows)


def _columns(targets: list[TargetRow]) -> list[str]:
    """Indicators that the tables need: outcomes and targets, and what their ratios are made of."""
    cat = catalogue()
    wanted = dict.fromkeys([*OUTCOMES, *(row.indicator for row in targets)])
    for name in list(wanted):
        row = cat.indicators[name]
        wanted |= dict.fromkeys(part for part in (row.numerator, row.denominator) if part)
    return list(wanted)


def _yearly_values(plan: Plan, store: Store, index: Index, names: list[str]) -> Iterator[tuple[str, Array]]:
    """Yearly values of the province by run id, shape (n_years, n_names), of all runs of the plan that are there."""
    held = index.runs.get(plan.record, {})
    wanted = {plan.run_id(Run(p, r)) for p in range(len(plan.points)) for r in range(plan.replicates)} & held.keys()
    for shard in sorted({held[run] for run in wanted}):
        table = store.read(store.path_of(shard), ["run", "period", "group", *names])
        (run, runs), (period, periods), (group, groups) = (codes(table, key) for key in ("run", "period", "group"))
        is_year = np.array(["Q" not in text for text in periods])[period]
        is_year &= np.array([text == PROVINCE for text in groups])[group]
        values = np.column_stack([table[name].to_numpy(zero_copy_only=False) for name in names])[is_year]
        borders = np.flatnonzero(np.diff(run[is_year], prepend=-1, append=-1))
        for first, last in pairwise(borders.tolist()):
            text = runs[run[is_year][first]]
            if text in wanted and held[text] == shard:
                yield text, values[first:last].astype(np.float64)


def _results(plan: Plan, position: int, names: list[str], yearly: dict[str, Array]) -> Results | None:
    """The runs of one point, taken out of `yearly`, in the width of the catalogue: nan where nothing was read."""
    point = plan.points[position]
    found = [yearly.pop(plan.run_id(Run(position, r)), None) for r in range(plan.replicates)]
    there = [values for values in found if values is not None]
    if not there:
        return None
    indicators = list(catalogue().indicators)
    values = np.full((len(there), len(there[0]), len(indicators)), np.nan)
    values[:, :, [indicators.index(name) for name in names]] = there
    replicates = tuple(r for r, one in enumerate(found) if one is not None)
    draws = tuple(map(plan.draw_id, replicates))
    quarters = np.empty((len(there), 0, len(indicators)))
    return Results(point.scenario, replicates, quarters, {PROVINCE: values}, [], plan.variation, draws)


def _outcome_rows(results: Results) -> Iterator[list[str]]:
    """The headline outcomes of a point by year."""
    cat = catalogue()
    for name in OUTCOMES:
        found = summary(results.yearly[:, :, list(cat.indicators).index(name)])
        for i, year in enumerate(results.years):
            numbers = [write_number(float(found[s][i])) for s in STATISTICS]
            runs = str(len(results.replicates))
            yield [results.scenario.name, name, cat.indicators[name].unit, str(year), runs, *numbers]


def _target_rows(results: Results, targets: list[TargetRow]) -> Iterator[list[str]]:
    """The main targets of a point."""
    for row in targets:
        one = score(row, results)
        cells = (one.target_id, one.indicator, one.unit, one.target_year, one.target, len(results.replicates),
                 one.mean, one.p05, one.p50, one.p95, one.probability)  # fmt: skip
        yield [results.scenario.name, *map(write_number, cells)]
