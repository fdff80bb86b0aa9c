"""Runs one stored run again from its id alone and compares every number with what is stored.

The plan of its study is made again from plan.json, the run is found in it by its id, run, and turned into the same
rows; the bytes of all columns must be equal.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute

from experiments.index import Index, read_index
from experiments.plan import Plan, Run
from experiments.plan_files import FILE, plan_from
from experiments.shards import table_of
from experiments.store import Store, StoreError
from experiments.work import function_of
from sim.scenario_values import ScenarioError, shown

SHORTEST = 8
ANY = "*"
DIFFERENT_SHOWN = 5


def main(arguments: Sequence[str]) -> int:
    """`reproduce RUN_ID [results=results] [study=NAME]`; 1 when a number differs. Raises ScenarioError, StoreError."""
    ids = [text for text in arguments if "=" not in text]
    given = dict(text.partition("=")[::2] for text in arguments if "=" in text)
    if len(ids) != 1 or not re.fullmatch(rf"[0-9a-f]{{{SHORTEST},64}}", ids[0]) or set(given) - {"results", "study"}:
        raise ScenarioError([f"override: reproduce takes a run id of {SHORTEST} to 64 hex digits (column `run` of the"
                             " stored tables), and study= and results= where wanted"])  # fmt: skip
    study = given.get("study", ANY)
    if study != ANY and (not study or Path(study).name != study or set(study) & set("*?[\0")):
        raise ScenarioError([f"override: study = {shown(study)} is no name of a study"])
    store, index, run = find(Path(given.get("results", "results")), study, ids[0])
    plan = plan_from(store.folder / FILE)
    wanted = next((one for one in plan.runs() if plan.run_id(one) == run), None)
    if wanted is None:
        raise StoreError(f"{store.folder}: run {run[:12]} belongs to another request or to other code or configs than"
                         " the plan of the study as it is now")  # fmt: skip
    different = compare(plan, wanted, stored(store, index, plan.record, run))
    point = plan.points[wanted.point]
    named = f"{point.name}, seed {plan.seed}, replicate {wanted.replicate}"
    if different:
        told = ", ".join(different[:DIFFERENT_SHOWN]) + (" ..." if len(different) > DIFFERENT_SHOWN else "")
        print(f"run {run[:12]} ({named}): {len(different)} columns differ: {told}")
        return 1
    print(f"run {run[:12]} ({named}): every number is the same")
    return 0


def find(results: Path, study: str, prefix: str) -> tuple[Store, Index, str]:
    """The store, its index and the full id of the run that an id or its first digits name. Raises StoreError."""
    found: list[tuple[Store, Index, str]] = []
    for path in sorted(results.glob(f"{study}/{FILE}")):
        store = Store(path.parent)
        index = read_index(store, verify=False)
        runs = {run for held in index.runs.values() for run in held if run.startswith(prefix)}
        found += [(store, index, run) for run in sorted(runs)]
    if not found:
        raise StoreError(f"{results}: holds no run {shown(prefix)}")
    if len({run for _, _, run in found}) > 1:
        raise StoreError(f"{results}: {len(found)} runs begin with {shown(prefix)}; give more digits")
    return found[0]


def stored(store: Store, index: Index, record: str, run: str) -> pa.Table:
    """The rows of one run. Raises StoreError when its file is not what was sealed."""
    name = index.runs.get(record, {}).get(run)
    if name is None:
        raise StoreError(f"{store.folder}: run {run[:12]} is kept with another record= than the plan's {record}")
    table = store.read(store.path_of(name))
    return table.filter(pa.compute.equal(table["run"].cast(pa.string()), run))


def compare(plan: Plan, run: Run, rows: pa.Table) -> list[str]:
    """Columns in which the run, run again now, differs from the stored rows."""
    outcome = function_of(plan.function)(plan.scenario_of(run), plan.seed, run.replicate)
    fresh = table_of(plan, [(run, outcome)])
    if fresh.column_names != rows.column_names or fresh.num_rows != rows.num_rows:
        return ["the columns or rows themselves"]
    return [name for name in fresh.column_names if _plain(fresh[name]) != _plain(rows[name])]


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Without dictionaries, in one piece."""
    is_coded = pa.types.is_dictionary(column.type)
    return pa.chunked_array([(column.cast(pa.string()) if is_coded else column).combine_chunks()])
