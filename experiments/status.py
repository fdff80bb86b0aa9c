"""Says how far a study is: runs planned, sealed and missing, who works on it, what was put aside.

Nothing is composed and no shard is read unless it is new to the index; whether the bytes are true is looked at when a
study goes on or is read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from experiments.index import read_index, write_index
from experiments.plan import run_id
from experiments.plan_files import DRAWS, FILE, read_plan_file
from experiments.sealed_json import read_sealed
from experiments.store import QUARANTINE, Store, StoreError
from sim.scenario_values import ScenarioError, nearest, shown

KEYS = ("study", "results")


def folder_of(arguments: Sequence[str], further: Sequence[str] = ()) -> tuple[Path, dict[str, str]]:
    """The folder of a study from study= and results=, and what else was given. Raises ScenarioError."""
    given = _given(arguments, further)
    study = given.pop("study", "")
    folder = Path(given.pop("results", "results"))
    if not study or not (folder / study).is_dir() or Path(study).name != study:
        there = sorted(path.parent.name for path in folder.glob(f"*/{FILE}")) if folder.is_dir() else []
        told = f"study = {shown(study)} is no study in {shown(str(folder))}; there are: {', '.join(there) or 'none'}"
        raise ScenarioError([f"override: {told}.{nearest(study, there)}"])
    return folder / study, given


def _given(arguments: Sequence[str], further: Sequence[str] = ()) -> dict[str, str]:
    """What stands behind the verb, each key once. Raises ScenarioError for any other."""
    given: dict[str, str] = {}
    known = (*KEYS, *further)
    for text in arguments:
        key, equals, value = text.partition("=")
        if not equals or key in given or key not in known or "\0" in value:
            told = f"{shown(text)} is not one of {', '.join(known)}, each once"
            raise ScenarioError([f"override: {told}.{nearest(key, known)}"])
        given[key] = value
    return given


def status_of(store: Store) -> dict[str, Any]:
    """Numbers of a study: runs planned, sealed, missing, failed at the last attempt, shards, quarantined, holder."""
    told = read_plan_file(store.folder / FILE)
    index = read_index(store, verify=False)
    with suppress(StoreError):  # a study that may only be read has its status too
        write_index(store, index)
    held = index.runs.get(str(told["record"]), {})
    prints, replicates, seed = told["fingerprints"], range(int(told["replicates"])), int(told["seed"])
    draws = told.get(DRAWS) or [""] * len(replicates)
    sealed = sum(run_id(fingerprint, seed, r, draws[r]) in held for fingerprint in prints for r in replicates)
    failures: object = ()
    manifest = store.folder / "manifest.json"
    if manifest.is_file():
        failures = read_sealed(manifest).get("failures", ())
    n_failed = len(failures) if isinstance(failures, list) else 0
    aside = store.folder / QUARANTINE
    return {
        "study": told["study"], "points": told["points"], "replicates": told["replicates"], "planned": told["runs"],
        "sealed": sealed, "missing": int(told["runs"]) - sealed, "failed": n_failed,
        "shards": len(index.shards), "bytes": sum(path.stat().st_size for path in store.sealed()),
        "quarantined": len(list(aside.iterdir())) if aside.is_dir() else 0, "held_by": store.holder(),
    }  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    """Print the status of a study, or of every study of the results folder when none is named."""
    given = _given(arguments)
    if "study" not in given:
        folder = Path(given.get("results", "results"))
        found = sorted(path.parent for path in folder.glob(f"*/{FILE}"))
        if not found:
            raise StoreError(f"{folder}: holds no study")
    else:
        found = [folder_of(arguments)[0]]
    for path in found:
        print(text_of(status_of(Store(path))))
    return 0


def text_of(told: Mapping[str, Any]) -> str:
    """The status in a few lines."""
    lines = [f"{told['study']}: {told['sealed']:,} of {told['planned']:,} runs are sealed"
             f" ({told['points']:,} points x {told['replicates']:,} replicates), {told['missing']:,} are missing",
             f"  {told['shards']:,} files, {told['bytes'] / 1e6:,.1f} MB"]  # fmt: skip
    if told["failed"]:
        lines.append(f"  {told['failed']:,} runs failed at the last attempt; see manifest.json")
    if told["quarantined"]:
        lines.append(f"  {told['quarantined']:,} damaged files lie in quarantine/")
    lines.append(f"  in use by {told['held_by']}" if told["held_by"] else "  nobody works on it")
    return "\n".join(lines)
