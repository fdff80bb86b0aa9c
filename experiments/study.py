"""One study from request to report: run what is missing, read it back, score it, write the files, print the tables."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from experiments.caution import caution_of
from experiments.compiling import prepare
from experiments.compose import Request
from experiments.outcomes import Results, results_of
from experiments.pairs import REFERENCE
from experiments.progress import progress
from experiments.runner import MODEL, Failure, Job, Report, execute, jobs_of
from experiments.scorecard import Score, scorecard
from experiments.store import Store, StoreError, write_file
from experiments.tables import write_tables
from experiments.terminal import caution_text, observed_text, scorecard_text
from sim import __version__
from sim.catalogue.loader import catalogue
from sim.scenario import ScenarioError

LIBRARIES = ("mesa", "numpy", "numba", "pandas", "pyarrow", "matplotlib", "hydra-core")
FAILURES_SHOWN = 5


def run_study(request: Request, function: str = MODEL, debug: bool = False) -> int:
    """Run a request and write its files; 0 when every run succeeded, 1 when some failed."""
    store = Store(request.results / request.study)
    store.probe()
    with store.lock():
        report = _execute(request, store, function)
        results = collect(request, store, report)
        if results:
            scores = scorecard(results)
            _write(request, store, report, results, scores)
            _print(store, results, scores)
    _tell(report, debug)
    return 1 if report.failures else 0


def _tell(report: Report, debug: bool = False) -> None:
    """The failed runs on stderr, one line each, not more than a few."""
    for failure in report.failures[: None if debug else FAILURES_SHOWN]:
        told = f"error: {failure.scenario}, replicate {failure.replicate}: {failure.reason}"
        print(told if not debug else f"{told}\n{failure.trace}", file=sys.stderr)
    if len(report.failures) > FAILURES_SHOWN and not debug:
        print(f"error: {len(report.failures)} runs failed in all; see manifest.json", file=sys.stderr)


def _execute(request: Request, store: Store, function: str) -> Report:
    jobs = jobs_of(request.scenarios, request.seed, request.replicates, function)
    ready = prepare if function == MODEL else lambda: None
    with progress(len(request.scenarios) * request.replicates) as advance:
        return execute(jobs, store, request.workers or os.cpu_count() or 1, advance, ready)


def collect(request: Request, store: Store, report: Report) -> list[Results]:
    """The results of every scenario that has runs, in the request's order."""
    return [
        results_of(scenario, [store.read(path) for path in sorted(report.shards[scenario.name])])
        for scenario in request.scenarios
        if report.shards.get(scenario.name)
    ]


def _versions() -> dict[str, str]:
    found = {"innopolicy": __version__, "Python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def manifest_of(request: Request, results: Sequence[Results], report: Report) -> dict[str, Any]:
    """What makes the study repeatable: scenarios in full, seeds, versions, digests. No clock, no machine."""
    scenarios = {
        one.scenario.name: {
            "title_en": one.scenario.title_en,
            "title_zh": one.scenario.title_zh,
            "fingerprint": one.scenario.fingerprint(),
            "replicates": list(one.replicates),
            "shards": sorted(path.name for path in report.shards[one.scenario.name]),
            "canonical": one.scenario.canonical(),
            "assumptions": list(one.scenario.assumptions),
            "notes": list(one.scenario.notes),
        }
        for one in results
    }
    return {
        "study": request.study,
        "seed": request.seed,
        "replicates": request.replicates,
        "scale": request.scenarios[0].scale,
        "overrides": [text for text in request.overrides if not text.startswith(("workers=", "results=", "study="))],
        "catalogue": catalogue().digest(),
        "versions": _versions(),
        "start_state": results[0].books[0]["totals"],
        "failures": [
            {"scenario": f.scenario, "replicate": f.replicate, "reason": f.reason}
            for f in sorted(report.failures, key=lambda f: (f.scenario, f.replicate))
        ],
        "scenarios": scenarios,
    }


def _write(request: Request, store: Store, report: Report, results: Sequence[Results], scores: Sequence[Score]) -> None:
    from experiments.report import render  # figures take a second to load, and only a finished study needs them

    manifest = manifest_of(request, results, report)
    write_tables(store.folder, results, scores)
    write_file(store.folder / "manifest.json", json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")
    write_file(store.folder / "report.html", render(request.study, results, scores, manifest))


def _print(store: Store, results: Sequence[Results], scores: Sequence[Score]) -> None:
    """Scorecard, history against observation, and where the files are."""
    print(scorecard_text(scores) + "\n\n" + caution_text(caution_of(results)))
    history = [one for one in results if one.scenario.name == REFERENCE]
    if history:
        print("\n" + observed_text(history[0]))
    print(f"\nreport: {(store.folder / 'report.html').as_posix()}")


def read_manifest(folder: Path) -> Mapping[str, Any]:
    """The manifest of a finished study. Raises ScenarioError when there is none."""
    path = folder / "manifest.json"
    if not path.is_file():
        raise ScenarioError([f"override: study = {folder.name}: there is no {path.as_posix()}; run it first"])
    found: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def again(request: Request) -> int:
    """Write scorecard, tables and report of a finished study again, from its sealed runs alone."""
    store = Store(request.results / request.study)
    report = Report()
    for job in jobs_of(request.scenarios, request.seed, request.replicates):
        path = store.find(job.shard)
        if path is None:
            report.failures += [_absent(job, replicate) for replicate in job.replicates]
        else:
            report.shards.setdefault(job.scenario.name, []).append(path)
    results = collect(request, store, report)
    if len(results) < len(request.scenarios):
        raise StoreError(f"{store.folder}: its runs are of another catalogue, config or version; run the study again")
    scores = scorecard(results)
    _write(request, store, report, results, scores)
    _print(store, results, scores)
    _tell(report)
    return 1 if report.failures else 0


def _absent(job: Job, replicate: int) -> Failure:
    return Failure(job.scenario.name, replicate, "no sealed result")
