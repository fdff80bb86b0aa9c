"""Runs and their store: the same bytes on any number of workers, whole files or none, and workers that die."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from experiments.compose import Request, load_scenario
from experiments.index import read_index
from experiments.machines import Settings, execute
from experiments.plan import Plan, Run, run_id
from experiments.reading import results_of
from experiments.shards import table_of
from experiments.store import Store, StoreError, shard_id, write_file
from experiments.study import again, run_study
from experiments.work import do_runs
from tests.experiments import fake_model
from tests.experiments.fake_model import plan_of

FAKE = "tests.experiments.fake_model"
SHORT = ["end=2012Q4"]


def digests(folder: Path) -> dict[str, str]:
    """Every file of a folder with the digest of its bytes."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def request(results: Path, **changes) -> Request:
    scenarios = (load_scenario("history", SHORT), load_scenario("no_policy", SHORT))
    return replace(Request(scenarios, 1, 6, 2, results, "study", ()), **changes)


def nothing(_: object) -> None:
    """No progress is shown."""


def carry_out(plan: Plan, folder: Path, workers: int = 1):
    return execute(plan, Store(folder), Settings(workers=workers), nothing)


def test_run_ids_are_all_different_and_do_not_depend_on_the_name():
    history, other = load_scenario("history", SHORT), load_scenario("no_policy", SHORT)
    ids = {run_id(s.fingerprint(), seed, r) for s in (history, other) for seed in (1, 2) for r in range(50)}
    assert len(ids) == 200
    assert replace(history, name="other").fingerprint() == history.fingerprint()


def test_runs_go_to_parquet_and_back_unchanged(tmp_path: Path):
    scenario, store = load_scenario("history", SHORT), Store(tmp_path)
    plan = plan_of(scenario)
    do_runs(plan, plan.chunks()[0].runs, store, nothing)
    (found,) = results_of(plan, store, read_index(store, verify=True))
    outcomes = [fake_model.run(scenario, 1, r) for r in (0, 1)]
    assert found.replicates == (0, 1)
    assert all(np.array_equal(found.quarterly[r], outcomes[r].quarterly, equal_nan=True) for r in (0, 1))
    city = outcomes[1].groups["rd_expenditure", "city"]
    assert found.groups["city=Taiyuan"][1, :, 0].tolist() == city[:, 0].tolist()
    assert found.books[0]["ledger"]["2011"]["rd_grant"]["disbursed"] == 9_000_000


@pytest.mark.parametrize(("record", "rows", "has_books"), [("yearly", 2, False), ("province", 10, False),
                                                           ("accounts", 2, True),
                                                           ("full", 2 + 8 + 2 * 23, True)])  # fmt: skip
def test_what_is_kept_of_a_run_follows_the_record(record: str, rows: int, has_books: bool):
    scenario = load_scenario("history", SHORT)
    plan = plan_of(scenario, replicates=1, record=record)
    table = table_of(plan, [(Run(0, 0), fake_model.run(scenario))])
    assert len(table) == rows
    assert (b"books" in table.schema.metadata) == has_books


def test_writing_twice_changes_nothing_and_leaves_no_temporary_file(tmp_path: Path):
    scenario, store = load_scenario("history", SHORT), Store(tmp_path)
    table = table_of(plan_of(scenario), [(Run(0, 0), fake_model.run(scenario))])
    first = store.write_shard("a" * 24, table)
    before = first.stat()
    assert store.write_shard("a" * 24, table) == first
    assert first.stat().st_ino == before.st_ino
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == [first.name]


@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "swap", "link"])
def test_a_damaged_file_is_found_put_aside_and_made_again(tmp_path: Path, damage: str):
    scenario, store = load_scenario("history", SHORT), Store(tmp_path)
    plan = plan_of(scenario, replicates=16)
    before = carry_out(plan, tmp_path).index
    paths = store.sealed()
    assert len(paths) == 4
    whole = paths[0].read_bytes()
    broken = {"flip": whole[:500] + bytes([whole[500] ^ 1]) + whole[501:], "cut": whole[:-1], "empty": b"",
              "swap": paths[1].read_bytes(), "link": b""}[damage]  # fmt: skip
    if damage == "link":
        other = tmp_path / "elsewhere"
        paths[0].replace(other)
        paths[0].symlink_to(other)
    else:
        paths[0].write_bytes(broken)
    with pytest.raises(StoreError, match="not what was sealed"):
        store.read(paths[0])
    after = carry_out(plan, tmp_path)
    assert (after.reused, after.quarantined) == (12, 1)
    assert len(list((tmp_path / "quarantine").iterdir())) == 1
    assert after.index == before
    assert paths[0].read_bytes() == whole
    assert not paths[0].is_symlink()


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


def test_more_replicates_run_only_what_is_new(tmp_path: Path):
    scenario = load_scenario("history", SHORT)
    for replicates, reused in ((4, 0), (11, 4), (32, 11), (64, 32), (20, 20)):
        assert carry_out(plan_of(scenario, replicates=replicates), tmp_path).reused == reused
    fresh = tmp_path / "fresh"
    carry_out(plan_of(scenario, replicates=32), fresh)
    carry_out(plan_of(scenario, replicates=64), fresh)
    at_once = tmp_path / "at_once"
    carry_out(plan_of(scenario, replicates=64), at_once)
    assert digests(fresh / "runs") == digests(at_once / "runs")


def test_a_run_that_fails_is_told_and_the_others_finish(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert run_study(request(tmp_path), f"{FAKE}:fails_once") == 1
    told = capsys.readouterr().err
    assert "error: history, replicate 1: ValueError: 2014Q3: rd_expenditure is not finite" in told
    manifest = (tmp_path / "study" / "manifest.json").read_text()
    assert '"replicates": [\n    0,\n    2,\n    3,\n    4,\n    5\n   ]' in manifest


def test_a_worker_that_is_killed_once_is_replaced_and_nothing_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TRIES", str(tmp_path / "tries"))
    plan = plan_of(load_scenario("history", SHORT), replicates=8, function="killed_once")
    report = carry_out(plan, tmp_path / "store", 2)
    assert report.failures == []
    assert len(report.index.runs["full"]) == 8


def test_a_run_that_kills_its_worker_is_tried_three_times_and_all_others_finish(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TRIES", str(tmp_path / "tries"))
    plan = plan_of(load_scenario("history", SHORT), replicates=8, function="kills_its_worker")
    report = carry_out(plan, tmp_path, 2)
    assert [failure.replicate for failure in report.failures] == [4]
    assert (tmp_path / "tries").read_text() == "tried\n" * 3
    assert report.failures[0].reason.startswith("killed (signal 9, likely memory), 3 attempts")
    assert len(report.index.runs["full"]) == 7
    assert not list(tmp_path.rglob(".tmp-*"))


def test_a_run_beyond_its_time_limit_is_stopped_and_the_others_finish(tmp_path: Path):
    plan = plan_of(load_scenario("history", SHORT), replicates=4, function="never_ends")
    report = execute(plan, Store(tmp_path), Settings(workers=1, time_limit=1.0), nothing)
    assert [(failure.replicate, failure.reason) for failure in report.failures] == [
        (2, "time limit: stopped after 1 s")
    ]
    assert len(report.index.runs["full"]) == 3


def test_a_forgotten_index_is_made_again_and_names_without_a_file_are_dropped(tmp_path: Path):
    plan, store = plan_of(load_scenario("history", SHORT), replicates=8), Store(tmp_path)
    index = carry_out(plan, tmp_path).index
    assert read_index(store, verify=False) == index
    (tmp_path / "index.parquet").write_bytes(b"not a table")
    assert read_index(store, verify=False) == index
    store.sealed()[0].unlink()
    assert len(read_index(store, verify=False).runs["full"]) == 4


def test_chunks_do_not_depend_on_the_number_of_replicates():
    scenarios = [replace(load_scenario("history", SHORT), k=k) for k in (40, 41, 42)]
    few, many = plan_of(*scenarios, replicates=16).chunks(), plan_of(*scenarios, replicates=100).chunks()
    assert many[: len(few)] == few
    assert sorted(run for chunk in many for run in chunk.runs) == [Run(p, r) for p in range(3) for r in range(100)]


def test_what_a_dead_process_left_is_swept_and_a_living_one_keeps_its_own(tmp_path: Path):
    import os
    import socket

    from experiments.durable import born

    me, host = os.getpid(), socket.gethostname()
    mine = tmp_path / f".tmp-{host}-{me}-{born(me)}-aa"
    others = [tmp_path / f".tmp-{host}-{me}-1-bb", tmp_path / f".tmp-{host}-4194000-77-cc"]
    foreign = tmp_path / ".tmp-elsewhere-1-1-dd"
    for path in (mine, *others, foreign):
        path.write_text("half")
    Store(tmp_path).sweep_temporary()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([mine.name, foreign.name])


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


def test_a_store_made_by_something_else_is_refused_put_aside_or_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    wanted = request(tmp_path, replicates=2)
    assert run_study(wanted, f"{FAKE}:run") == 0
    assert run_study(wanted, f"{FAKE}:run") == 0
    before = digests(tmp_path)
    monkeypatch.setattr("experiments.origin.model_files", lambda: {"sim/model.py": "other"})
    with pytest.raises(StoreError, match=r"sim/agents/\S+ is gone; .* and \d+ more\. --new-store"):
        run_study(wanted, f"{FAKE}:run")
    assert digests(tmp_path) == before
    assert run_study(wanted, f"{FAKE}:run", ["--accept-changed"]) == 0
    accepted = json.loads((tmp_path / "study" / "origin.json").read_text())["accepted"]
    assert "sim/model.py changed" in accepted[0]
    assert run_study(wanted, f"{FAKE}:run") == 0
    monkeypatch.undo()
    assert run_study(wanted, f"{FAKE}:run", ["--new-store"]) == 0
    assert (tmp_path / "study.old-1" / "scorecard.csv").is_file()
    assert json.loads((tmp_path / "study" / "origin.json").read_text())["accepted"] == []


def test_a_changed_scenario_file_is_named_and_another_request_is_another_matter(tmp_path: Path):
    wanted = request(tmp_path, replicates=2)
    assert run_study(wanted, f"{FAKE}:run") == 0
    other = replace(wanted, scenarios=(load_scenario("history", ["end=2013Q4"]), wanted.scenarios[1]))
    with pytest.raises(StoreError, match="scenario history changed"):
        run_study(other, f"{FAKE}:run")
    assert run_study(replace(other, overrides=("end=2013Q4",)), f"{FAKE}:run") == 0
