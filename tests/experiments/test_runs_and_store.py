"""Runs and their store: the same bytes on any number of workers, whole files or none, and workers that die."""

from __future__ import annotations

import gc
import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from experiments.compose import Request, load_scenario
from experiments.outcomes import results_of, run_id, table_of
from experiments.runner import Job, execute, jobs_of
from experiments.store import Store, StoreError, shard_id, write_file
from experiments.study import again, run_study
from tests.experiments import fake_model

FAKE = "tests.experiments.fake_model"
SHORT = ["end=2012Q4"]


def digests(folder: Path) -> dict[str, str]:
    """Every file of a folder with the digest of its bytes."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def request(results: Path, **changes) -> Request:
    scenarios = (load_scenario("history", SHORT), load_scenario("no_policy", SHORT))
    return replace(Request(scenarios, 1, 6, 2, results, "study", ()), **changes)


def nothing(_: int) -> None:
    """No progress is shown."""


def test_run_ids_are_all_different_and_do_not_depend_on_the_name():
    history, other = load_scenario("history", SHORT), load_scenario("no_policy", SHORT)
    ids = {run_id(s, seed, r) for s in (history, other) for seed in (1, 2) for r in range(50)}
    assert len(ids) == 200
    assert run_id(replace(history, name="other"), 1, 0) == run_id(history, 1, 0)


def test_a_table_goes_to_parquet_and_back_unchanged(tmp_path: Path):
    scenario = load_scenario("history", SHORT)
    outcomes = {r: fake_model.run(scenario, 1, r) for r in (0, 1)}
    store = Store(tmp_path)
    path = store.write_shard("0" * 24, table_of(scenario, 1, outcomes))
    found = results_of(scenario, [store.read(path)])
    assert found.replicates == (0, 1)
    assert all(np.array_equal(found.quarterly[r], outcomes[r].quarterly, equal_nan=True) for r in (0, 1))
    city = outcomes[1].groups["rd_expenditure", "city"]
    assert found.groups["city=Taiyuan"][1, :, 0].tolist() == city[:, 0].tolist()
    assert found.books[0]["ledger"]["2011"]["rd_grant"]["disbursed"] == 9_000_000


def test_writing_twice_changes_nothing_and_leaves_no_temporary_file(tmp_path: Path):
    scenario, store = load_scenario("history", SHORT), Store(tmp_path)
    table = table_of(scenario, 1, {0: fake_model.run(scenario)})
    first = store.write_shard("a" * 24, table)
    before = first.stat()
    assert store.write_shard("a" * 24, table) == first
    assert first.stat().st_ino == before.st_ino
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == [first.name]


@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "swap"])
def test_a_damaged_file_is_found_put_aside_and_made_again(tmp_path: Path, damage: str):
    scenario, store = load_scenario("history", SHORT), Store(tmp_path)
    jobs = [Job(scenario, 1, (r,), f"{FAKE}:run") for r in (0, 1)]
    tables = [table_of(scenario, 1, {r: fake_model.run(scenario, 1, r)}) for r in (0, 1)]
    paths = [store.write_shard(job.shard, table) for job, table in zip(jobs, tables, strict=True)]
    whole = paths[0].read_bytes()
    broken = {"flip": whole[:500] + bytes([whole[500] ^ 1]) + whole[501:], "cut": whole[:-1], "empty": b"",
              "swap": paths[1].read_bytes()}[damage]  # fmt: skip
    paths[0].write_bytes(broken)
    with pytest.raises(StoreError, match="not what was sealed"):
        store.read(paths[0])
    assert store.find(jobs[0].shard) is None
    assert len(list((tmp_path / "quarantine").iterdir())) == 1
    assert store.find(jobs[1].shard) == paths[1]
    assert execute(jobs, store, 1, nothing).reused == 1
    assert paths[0].read_bytes() == whole


def test_the_same_bytes_for_one_and_two_workers_and_a_second_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    for folder, workers in (("one", 1), ("two", 2)):
        assert run_study(request(tmp_path / folder, workers=workers), f"{FAKE}:run") == 0
    one, two = digests(tmp_path / "one"), digests(tmp_path / "two")
    assert one == two
    names = {Path(name).name for name in one}
    assert {
        *("scorecard.csv", "plans.csv", "indicators.csv", "budget.csv", "cost_per_outcome.csv", "winners.csv"),
        *("manifest.json", "report.html"),
    } <= names
    assert run_study(request(tmp_path / "one", workers=1), f"{FAKE}:run") == 0
    assert digests(tmp_path / "one") == one
    assert again(request(tmp_path / "one")) == 0
    assert digests(tmp_path / "one") == one
    assert "history against observed" in capsys.readouterr().out


def test_more_replicates_keep_the_full_shards_that_are_there(tmp_path: Path):
    scenario, store = load_scenario("history", SHORT), Store(tmp_path)
    assert execute(jobs_of([scenario], 1, 4, f"{FAKE}:run"), store, 1, nothing).reused == 0
    assert execute(jobs_of([scenario], 1, 8, f"{FAKE}:run"), store, 1, nothing).reused == 4


def test_a_run_that_fails_is_told_and_the_others_finish(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert run_study(request(tmp_path), f"{FAKE}:fails_once") == 1
    told = capsys.readouterr().err
    assert "error: history, replicate 1: ValueError: 2014Q3: rd_expenditure is not finite" in told
    manifest = (tmp_path / "study" / "manifest.json").read_text()
    assert '"replicates": [\n    0,\n    2,\n    3,\n    4,\n    5\n   ]' in manifest


def test_a_worker_that_is_killed_once_is_replaced_and_nothing_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TRIES", str(tmp_path / "tries"))
    scenario, store = load_scenario("history", SHORT), Store(tmp_path / "store")
    report = execute(jobs_of([scenario], 1, 8, f"{FAKE}:killed_once"), store, 2, nothing)
    assert report.failures == []
    assert len(report.shards["history"]) == 2


def test_a_worker_that_is_killed_is_tried_three_times_and_the_others_finish(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TRIES", str(tmp_path / "tries"))
    scenario, store = load_scenario("history", SHORT), Store(tmp_path)
    report = execute(jobs_of([scenario], 1, 8, f"{FAKE}:kills_its_worker"), store, 2, nothing)
    assert {failure.replicate for failure in report.failures} == {4, 5, 6, 7}
    assert (tmp_path / "tries").read_text() == "tried\n" * 3
    assert report.failures[0].reason == "killed (signal 9, likely memory), 3 attempts"
    assert len(report.shards["history"]) == 1
    assert not list(tmp_path.rglob(".tmp-*"))


def test_a_worker_loads_what_a_run_needs_and_no_more(tmp_path: Path):
    """Mesa itself loads pandas, scipy and networkx when it is imported; what else is heavy stays outside."""
    scenario = replace(load_scenario("history", ["end=2011Q2"]), k=400)
    report = execute([Job(scenario, 1, (0,), f"{FAKE}:tells_its_modules")], Store(tmp_path), 1, nothing)
    modules = set(report.failures[0].reason.removeprefix("RuntimeError: ").split())
    assert {"sim.model", "experiments.store", "mesa"} <= modules
    extras = ("mesa.visualization", "solara", "matplotlib", "hydra", "omegaconf", "jinja2", "rich")
    ours = ("compose", "study", "report", "figures", "scorecard", "listing", "docs", "effects", "scenario_files")
    assert modules & {*extras, *(f"experiments.{name}" for name in ours)} == set()


def test_a_run_leaves_no_columns_behind_for_the_garbage_collector():
    from sim.core.columns import Columns
    from sim.model import run

    def held() -> int:
        return sum(isinstance(thing, Columns) for thing in gc.get_objects())

    scenario, before = replace(load_scenario("history", ["end=2011Q2"]), k=400), held()
    gc.disable()
    try:
        kept = [run(scenario, 1, replicate) for replicate in range(2)]
        assert held() <= before
    finally:
        gc.enable()
    assert np.isfinite(kept[0].quarterly[-1]).any(), "what was measured stays"


def test_the_parent_prepares_once_and_only_when_a_run_is_missing(tmp_path: Path):
    jobs, calls = jobs_of([load_scenario("history", SHORT)], 1, 2, f"{FAKE}:run"), []
    for _ in range(2):
        execute(jobs, Store(tmp_path), 1, nothing, lambda: calls.append(1))
    assert calls == [1]


def test_a_study_in_use_is_refused_naming_its_holder(tmp_path: Path):
    store = Store(tmp_path)
    with store.lock(), pytest.raises(StoreError, match="is in use by pid"), Store(tmp_path).lock():
        pass
    with store.lock():
        pass


def test_a_file_is_replaced_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "a.csv"
    write_file(path, "old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StoreError, match=r"No space left on device; \d+ MB free"):
        write_file(path, "new")
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]


def test_shards_are_named_after_what_lies_in_them():
    assert shard_id("a", "bc") != shard_id("ab", "c")
