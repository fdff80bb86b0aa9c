"""Jobs: first results first, what is there is not run again, the queue has an end, and nobody is shown a path."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from experiments.dashboard.crew import Crew, nothing
from experiments.dashboard.engine import BROKEN, DONE, FAILED, FIRST, FULL, WAITING, held_replicates
from experiments.dashboard.selection import Selection
from experiments.index import read_index
from experiments.store import Store
from tests.dashboard.stand_in import QUICK, Here, engine_in, finished, run

MIX = Selection(replicates=8, doses={"innovation_voucher.budget_y": "300"}, **QUICK)


def test_the_first_replicates_come_first_and_nothing_is_run_twice(tmp_path: Path):
    seen: list[tuple[int, int]] = []
    engine = engine_in(tmp_path, machine=(machine := Here()))
    carry_out = engine._run

    def watched(job, place, request):
        carry_out(job, place, request)
        seen.append((place, request.replicates))

    engine._run = watched
    told = run(engine, MIX.reference(), MIX)
    assert told["state"] == DONE
    assert told["ready"] == 8
    assert told["done"] == told["total"] == 16
    assert seen == [(0, FIRST), (1, FIRST), (0, 8), (1, 8)]
    assert machine.runs == 16
    again = run(engine, MIX.reference(), MIX)
    assert again["studies"] == told["studies"]
    assert machine.runs == 16
    fewer = run(engine, Selection(replicates=4, doses=MIX.doses, **QUICK))
    assert fewer["state"] == DONE
    assert fewer["studies"] == told["studies"][1:]
    assert machine.runs == 16
    assert all(held_replicates(Store(tmp_path / "dashboard" / study)) == 8 for study in told["studies"])
    for study in told["studies"]:
        store = Store(tmp_path / "dashboard" / study)
        assert len(read_index(store, verify=True).runs["full"]) == 8
        assert not list(store.folder.rglob(".tmp-*"))
    engine.close()


def test_a_damaged_shard_is_made_again(tmp_path: Path):
    engine = engine_in(tmp_path, machine=(machine := Here()))
    (study,) = run(engine, MIX.reference())["studies"]
    store = Store(tmp_path / "dashboard" / study)
    path = store.sealed()[0]
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    (store.folder / "manifest.json").unlink()  # a study that was not finished
    assert run(engine, MIX.reference())["state"] == DONE
    assert machine.runs == 8 + 4
    assert all(map(store.is_true, store.sealed()))
    engine.close()


def test_equal_jobs_are_one(tmp_path: Path):
    engine, begun = engine_in(tmp_path), []
    engine._carry_out = begun.append
    numbers = [engine.submit([MIX.texts()], replicates)["number"] for replicates in (8, 8, 4)]
    engine.threads.shutdown()
    assert numbers[0] == numbers[1] != numbers[2]
    assert len(begun) == len(engine.jobs) == 2


def test_the_queue_has_an_end_and_tells_the_place(tmp_path: Path):
    gate = threading.Event()

    class Held(Here):
        def carry_out(self, *given):
            assert gate.wait(30)
            return super().carry_out(*given)

    engine = engine_in(tmp_path, machine=Held(), most_waiting=2)
    seeds = [Selection(replicates=1, seed=seed, **QUICK) for seed in range(1, 5)]
    told = [engine.submit([seeds[0].texts()], 1)]
    while engine.state(told[0]["number"])["state"] == WAITING:
        pass
    told += [engine.submit([one.texts()], 1) for one in seeds[1:]]
    assert [engine.state(one["number"])["before"] for one in told[1:3]] == [0, 1]
    assert told[3] == {"state": FAILED, "faults": [FULL]}
    gate.set()
    assert all(finished(engine, one["number"])["state"] == DONE for one in told[:3])
    engine.close()


def test_a_wrong_request_is_told_by_its_lines(tmp_path: Path):
    engine = engine_in(tmp_path)
    told = finished(engine, engine.submit([["scenario=history", "lever.rd_grant.rate=25"]], 2)["number"])
    assert told["state"] == FAILED
    assert "out of range 0..1" in told["faults"][0]
    assert not (tmp_path / "dashboard").exists()
    engine.close()


def test_a_store_that_cannot_be_had_names_no_path(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "dashboard").write_text("in the way")
    engine = engine_in(tmp_path)
    told = run(engine, MIX)
    assert told["state"] == FAILED
    assert told["faults"] == [BROKEN]
    assert str(tmp_path) in capsys.readouterr().err
    engine.close()


def test_a_run_that_fails_is_told(tmp_path: Path):
    engine = engine_in(tmp_path, "fails_once")
    told = run(engine, MIX)
    assert told["state"] == FAILED
    assert "replicate 1: ValueError: 2014Q3" in told["faults"][0]
    engine.close()


def test_nobody_knows_a_foreign_job(tmp_path: Path):
    assert engine_in(tmp_path).state("0123")["state"] == FAILED


def test_a_crew_works_plan_after_plan_and_replaces_who_dies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TRIES", str(tmp_path / "tries"))
    crew = Crew(2, 1, nothing)
    crew.start()
    pids = {hand.process.pid for hand in crew.free}
    engine = engine_in(tmp_path, "killed_once", machine=crew, runs=2)
    assert run(engine, MIX.reference())["state"] == DONE  # replicate 4 kills its worker the first time
    assert (tmp_path / "tries").exists()
    assert run(engine, MIX)["state"] == DONE
    after = {hand.process.pid for hand in crew.free}
    assert len(pids & after) == 1, "one died, the other is the same"
    assert len(after) == 2, "who died was replaced"
    crew.close()
    engine.close()
    for pid in after:
        with pytest.raises(ProcessLookupError):
            os.kill(int(pid or 0), 0)
