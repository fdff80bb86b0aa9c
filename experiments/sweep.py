"""Makes the plan of a sweep, says what it will take, carries it out and writes what came of its points.

The whole sweep is checked and counted before anything is written. A sweep beyond most_runs is refused at once, before
its points are made.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from experiments.compose import DEFAULT_RESULTS, DEFAULT_SCENARIO, addresses, variation_of
from experiments.designs import Design
from experiments.machines import Report, Settings
from experiments.machines.options import read_machine
from experiments.origin import origin_of, settle_origin
from experiments.overrides import WHOLE_KEYS, Overrides, read_sweep
from experiments.plan import MODEL, Plan, Point, seconds_a_run, without_duplicates
from experiments.plan_files import ONLY_HOW
from experiments.points import points_of
from experiments.scenario_files import options
from experiments.store import Store
from experiments.study import failure_rows, run_plan, tell, varied_by
from experiments.study_files import Study, read_study
from experiments.sweep_tables import write_sweep
from sim.core.calendar import quarter_number
from sim.scenario_values import ScenarioError

STUDY = "sweep"
OWN_SETTINGS = ("replicates", "seed", "parameters", "drivers")  # of a study file, unless the command line says else
BYTES = {"yearly": 8_000, "province": 30_000, "full": 90_000, "accounts": 40_000}  # a run of 44 quarters


@dataclass(frozen=True)
class Sweep:
    """A checked sweep: its plan, where it goes, how it is carried out, and what was left out as a duplicate."""

    plan: Plan
    results: Path
    settings: Settings
    overrides: tuple[str, ...]
    duplicates: tuple[str, ...] = ()


def sweep_of(arguments: Sequence[str], function: str = MODEL) -> Sweep:
    """The sweep of a command line. Raises ScenarioError, one line per fault, before anything is written."""
    given, swept = read_sweep(arguments, addresses())
    study = _study(given, swept)
    usual = {key: default for key, (_, _, default, _) in WHOLE_KEYS.items()}
    own = {key: value for key in OWN_SETTINGS if (value := getattr(study, key)) is not None}
    settings = {**usual, **own, **given.settings}  # the command line over the study, the study over what is usual
    _refuse_too_many(study, settings["replicates"], settings["most_runs"])
    points, left_out = without_duplicates(_points(study, given))
    plan = Plan(
        study.name, points, settings["seed"], settings["replicates"], settings.get("record", study.record), function,
        {"verb": "sweep", "arguments": list(arguments)}, variation_of(settings),
    )  # fmt: skip
    kind, further = read_machine(given.groups.get("machine", "local"))
    machine = Settings(kind, settings["workers"], settings["time_limit"], further)
    return Sweep(plan, Path(settings.get("results", DEFAULT_RESULTS)), machine, tuple(arguments), tuple(left_out))


def _study(given: Overrides, swept: Mapping[str, list[str]]) -> Study:
    """The study that is named, if there is a file of that name, else the grid that the command line gives."""
    name = given.settings.get("study", STUDY)
    if name in options("study"):
        if swept or "scenario" in given.groups:
            key = next(iter(swept), "scenario")
            raise ScenarioError(
                [f"override: {key}= stands in the study {name} already; a study file holds its own grid"]
            )
        return read_study(name)
    if not swept and "study" in given.settings:
        raise ScenarioError([f"override: study = {name} is no file in configs/study/, and no key has several values;"
                             f" there are: {', '.join(options('study')) or 'none'}"])  # fmt: skip
    grid = {key: values for key, values in swept.items() if key != "scenario"}
    scenarios = swept.get("scenario", [given.groups.get("scenario", DEFAULT_SCENARIO)])
    return Study(name, tuple(scenarios), design=Design("grid", grid) if grid else None)


def _refuse_too_many(study: Study, replicates: int, most: int) -> None:
    """Raise ScenarioError for a sweep of more runs than allowed: counted, not made."""
    runs = study.count() * replicates
    if runs > most:
        counted = f"{study.count():,} points x {replicates:,} replicates = {runs:,} runs"
        raise ScenarioError(
            [f"override: the sweep has {counted}, more than most_runs={most}; raise it if that is meant"]
        )


def _points(study: Study, given: Overrides) -> list[Point]:
    """All points: scenarios x variants x rows of the design."""
    rows, points = study.rows(), list[Point]()
    for base in study.scenarios:
        for name, variant in study.variants.items():
            fixed = Overrides(
                {key: value for key, value in given.groups.items() if key not in ("scenario", "machine")},
                given.settings, {**study.overrides, **given.values}, study.places_of(name, given.values),
            )  # fmt: skip
            found = points_of(base, fixed, [{**variant, **row} for row in rows])
            points += [replace(point, base=f"{base}+{name}") if name else point for point in found]
    return points


def estimate(plan: Plan, workers: int) -> str:
    """What the plan will take, in a sentence: points, runs, time, memory and disk, all rough."""
    seconds = sum(seconds_a_run(point.scenario) for point in plan.points) * plan.replicates
    quarters = sum(_quarters(point) for point in plan.points) / max(len(plan.points), 1)
    size = len(plan) * BYTES[plan.record] * quarters / 44.0
    return (f"{len(plan.points):,} points x {plan.replicates:,} replicates = {len(plan):,} runs in"
            f" {len(plan.chunks()):,} files; about {_time(seconds / workers)} on {workers} workers,"
            f" {0.4 * workers:.1f} GB of memory, {max(size / 1e6, 1.0):,.0f} MB of disk")  # fmt: skip


def _quarters(point: Point) -> int:
    return quarter_number(point.scenario.end) - quarter_number(point.scenario.start) + 1


def _time(seconds: float) -> str:
    for unit, length in (("days", 86400.0), ("hours", 3600.0), ("minutes", 60.0)):
        if seconds >= 2.0 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{max(seconds, 1.0):.0f} seconds"


def run_sweep(sweep: Sweep, flags: Collection[str] = ()) -> int:
    """Carry out a sweep and write its tables; 0 when every run succeeded, 1 when some failed."""
    plan, store = sweep.plan, Store(sweep.results / sweep.plan.study)
    print(estimate(plan, sweep.settings.processes), file=sys.stderr, flush=True)
    if sweep.duplicates:
        print(f"{len(sweep.duplicates)} points say the same as others and are run once", file=sys.stderr, flush=True)
    store.probe()
    with store.lock():
        settle_origin(store, origin_of(plan, sweep.overrides), flags)
        report = run_plan(plan, store, sweep.settings)
        written = write_sweep(plan, store, report.index, _manifest(sweep, report))
    tell(report, "--debug" in flags)
    print(f"{len(plan) - len(report.failures):,} runs are there, {report.reused:,} of them from before; {written}")
    return 1 if report.failures else 0


def _manifest(sweep: Sweep, report: Report) -> dict[str, Any]:
    """What the manifest of a sweep says beside points and versions."""
    return {
        "arguments": [text for text in sweep.overrides if not text.startswith(ONLY_HOW)],
        "failures": failure_rows(report),
        **varied_by(sweep.plan),
    }
