"""One study from request to report: run what is missing, read it back, score it, write the files, print the tables."""

from __future__ import annotations

import platform
import sys
from collections.abc import Collection, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from experiments.caution import caution_of
from experiments.compiling import prepare_apart
from experiments.compose import Request
from experiments.index import read_index
from experiments.machines import Report, Settings, execute, missing, nothing
from experiments.machines.options import read_machine
from experiments.origin import origin_of, settle_origin
from experiments.outcomes import Results
from experiments.pairs import REFERENCE
from experiments.plan import MODEL, Plan, Point, Run, run_id
from experiments.plan_files import write_plan
from experiments.progress import progress
from experiments.reading import results_of
from experiments.scorecard import Score, scorecard
from experiments.sealed_json import read_sealed, sealed_text
from experiments.store import QUARANTINE, Store, StoreError, write_file
from experiments.tables import write_tables
from experiments.terminal import caution_text, observed_text, scorecard_text
from experiments.work import Failure
from sim import __version__
from sim.catalogue.loader import catalogue
from sim.scenario import ScenarioError

LIBRARIES = ("mesa", "numpy", "numba", "pandas", "pyarrow", "matplotlib", "hydra-core")
FAILURES_SHOWN = 5


def plan_of(request: Request, function: str = MODEL, verb: str = "run") -> Plan:
    """The plan of a request: its scenarios as they stand. verb : that of the command line, to make it again."""
    points = tuple(Point(scenario.name, scenario, scenario.name) for scenario in request.scenarios)
    texts = {"verb": verb, "arguments": list(request.overrides)}
    return Plan(request.study, points, request.seed, request.replicates, "full", function, texts)


def settings_of(request: Request) -> Settings:
    """How a request is carried out. Raises ScenarioError for a faulty machine file."""
    kind, options = read_machine(request.machine)
    return Settings(kind, request.workers, request.time_limit, options)


def run_study(
    request: Request, function: str = MODEL, flags: Collection[str] = (), verb: str = "run"
) -> int:  # fmt: skip
    """Run a request and write its files; 0 when every run succeeded, 1 when some failed."""
    plan, store = plan_of(request, function, verb), Store(request.results / request.study)
    settings = settings_of(request)
    store.probe()
    with store.lock():
        settle_origin(store, origin_of(plan, request.overrides), flags)
        report = run_plan(plan, store, settings)
        results = results_of(plan, store, report.index)
        if results:
            scores = scorecard(results)
            _write(request, plan, store, report, results, scores)
            _print(store, results, scores)
    tell(report, "--debug" in flags)
    return 1 if report.failures else 0


def run_plan(plan: Plan, store: Store, settings: Settings) -> Report:
    """Carry out a plan with progress on stderr; the kernels are compiled before workers start."""
    store.sweep_temporary()
    write_plan(store, plan)
    with progress(len(plan)) as advance:
        return execute(plan, store, settings, advance, prepare_apart if plan.function == MODEL else nothing)


def tell(report: Report, debug: bool = False) -> None:
    """What was put aside and the failed runs on stderr: one line each, not more than a few failures."""
    if report.quarantined:
        told = f"{report.quarantined} files were not what was sealed: they lie in {QUARANTINE}/"
        print(f"{told}; their runs were made again", file=sys.stderr)
    for failure in report.failures[: None if debug else FAILURES_SHOWN]:
        told = f"error: {failure.scenario}, replicate {failure.replicate}: {failure.reason}"
        print(told if not debug else f"{told}\n{failure.trace}", file=sys.stderr)
    if len(report.failures) > FAILURES_SHOWN and not debug:
        print(f"error: {len(report.failures)} runs failed in all; see manifest.json", file=sys.stderr)


def failure_rows(report: Report) -> list[dict[str, Any]]:
    """The failed runs as a manifest lists them, in an order that no machine decides."""
    return [
        {"scenario": f.scenario, "replicate": f.replicate, "reason": f.reason}
        for f in sorted(report.failures, key=lambda f: (f.scenario, f.replicate))
    ]


def _versions() -> dict[str, str]:
    found = {"innopolicy": __version__, "Python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def manifest_of(request: Request, plan: Plan, results: Sequence[Results], report: Report) -> dict[str, Any]:
    """What makes the study repeatable: scenarios in full, seeds, versions, digests. No clock, no machine."""
    held = report.index.runs[plan.record]
    fingerprints = {point.name: point.fingerprint for point in plan.points}
    scenarios = {
        one.scenario.name: {
            "title_en": one.scenario.title_en,
            "title_zh": one.scenario.title_zh,
            "fingerprint": fingerprints[one.scenario.name],
            "replicates": list(one.replicates),
            "shards": sorted({held[run_id(fingerprints[one.scenario.name], plan.seed, r)] for r in one.replicates}),
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
        "failures": failure_rows(report),
        "scenarios": scenarios,
    }


def _write(
    request: Request, plan: Plan, store: Store, report: Report, results: Sequence[Results], scores: Sequence[Score]
) -> None:  # fmt: skip
    from experiments.report import render  # figures take a second to load, and only a finished study needs them

    manifest = manifest_of(request, plan, results, report)
    write_tables(store.folder, results, scores)
    write_file(store.folder / "manifest.json", sealed_text(manifest))
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
    return read_sealed(path)


def again(request: Request) -> int:
    """Write scorecard, tables and report of a finished study again, from its sealed runs alone."""
    plan, store = plan_of(request), Store(request.results / request.study)
    report = Report(index=read_index(store, verify=True))
    report.failures = [_absent(plan, run) for task in missing(plan, report.index) for run in task.runs]
    results = results_of(plan, store, report.index)
    if len(results) < len(request.scenarios):
        raise StoreError(f"{store.folder}: its runs are of another catalogue, config or version; run the study again")
    scores = scorecard(results)
    _write(request, plan, store, report, results, scores)
    _print(store, results, scores)
    tell(report)
    return 1 if report.failures else 0


def _absent(plan: Plan, run: Run) -> Failure:
    return Failure(plan.points[run.point].name, run.replicate, "no sealed result")
