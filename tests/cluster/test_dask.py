"""Sweeps on a real Dask cluster: the same bytes as here, also when a worker is killed."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
from distributed import LocalCluster

from experiments.plan_files import OTHER_MODELS
from tests.cluster.studies import FAKE, GRID, MODEL, digests, finish, left_over, machine_file, start


def test_dask_gives_the_bytes_of_this_computer(tmp_path: Path):
    for results, machine in (("local", "local"), ("cluster", "dask")):
        finish(tmp_path, MODEL, [*GRID, "replicates=6", f"machine={machine}", f"results={results}"], dict(os.environ))
    assert digests(tmp_path / "cluster") == digests(tmp_path / "local") != {}


def test_a_killed_worker_of_an_existing_cluster_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(OTHER_MODELS, FAKE.partition(":")[0])  # for the workers: they inherit it from here
    with LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as cluster:
        machine_file(tmp_path, "here", "dask", address=cluster.scheduler_address, minutes_a_task=0.01, rounds=10)
        parent = start(tmp_path, FAKE, [*GRID, "replicates=64", "machine=here", "results=cluster"], dict(os.environ))
        time.sleep(8.0)
        pids = [nanny.pid for nanny in cluster.workers.values()]
        os.kill(pids[0], signal.SIGKILL)
        assert parent.wait(300) == 0, (tmp_path / "parent.log").read_text()[-3000:]
    finish(tmp_path, FAKE, [*GRID, "replicates=64", "results=local"], dict(os.environ))
    assert digests(tmp_path / "cluster") == digests(tmp_path / "local") != {}
    assert left_over(tmp_path / "cluster") == []
