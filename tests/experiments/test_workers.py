"""What a worker loads and keeps, and when the parent prepares."""

from __future__ import annotations

import gc
from dataclasses import replace
from pathlib import Path

import numpy as np

from experiments.compose import load_scenario
from experiments.machines import Settings, execute
from experiments.store import Store
from tests.experiments.fake_model import plan_of

SHORT = ["end=2012Q4"]


def nothing(_: object) -> None:
    """No progress is shown."""


def test_a_worker_loads_what_a_run_needs_and_no_more(tmp_path: Path):
    """Mesa itself loads pandas, scipy and networkx when it is imported; what else is heavy stays outside."""
    scenario = replace(load_scenario("history", ["end=2011Q2"]), k=400)
    plan = plan_of(scenario, replicates=1, function="tells_its_modules")
    report = execute(plan, Store(tmp_path), Settings(workers=1), nothing)
    modules = set(report.failures[0].trace.split())
    assert {"sim.model", "experiments.store", "mesa"} <= modules
    extras = ("mesa.visualization", "solara", "matplotlib", "hydra", "omegaconf", "jinja2", "rich", "duckdb")
    ours = ("compose", "study", "report", "figures", "scorecard", "listing", "docs", "effects", "scenario_files")
    assert modules & {*extras, *(f"experiments.{name}" for name in ours)} == set()


def test_a_run_leaves_no_columns_behind_for_the_garbage_collector():
    from sim.core.columns import Columns
    from sim.model import run

    def held() -> int:
        return sum(type(thing) is Columns for thing in gc.get_objects())

    scenario, before = replace(load_scenario("history", ["end=2011Q2"]), k=400), held()
    gc.disable()
    try:
        kept = [run(scenario, 1, replicate) for replicate in range(2)]
        assert held() <= before
    finally:
        gc.enable()
    assert np.isfinite(kept[0].quarterly[-1]).any(), "what was measured stays"


def test_the_parent_prepares_once_and_only_when_a_run_is_missing(tmp_path: Path):
    plan, calls = plan_of(load_scenario("history", SHORT)), []
    for _ in range(2):
        execute(plan, Store(tmp_path), Settings(workers=1), nothing, lambda: calls.append(1))
    assert calls == [1]
