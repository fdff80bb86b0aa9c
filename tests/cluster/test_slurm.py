"""Sweeps on a real Slurm of two nodes: the same bytes as here, whatever is killed on the way."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.slurm_here import DAEMONS, Slurm, slurm
from tests.cluster.studies import FAKE, GRID, MODEL, digests, finish, left_over, machine_file, start

KILLS = int(os.environ.get("CLUSTER_KILLS", "20"))


@pytest.fixture
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slurm]:
    import shutil

    absent = [name for name in DAEMONS if shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin") is None]
    if absent:
        pytest.fail(f"{', '.join(absent)} is not installed; Debian has them in slurm-wlm and munge")
    with slurm(tmp_path_factory.mktemp("slurm")) as here:
        yield here


def test_slurm_gives_the_bytes_of_this_computer(tmp_path: Path, cluster: Slurm):
    machine_file(tmp_path, "here", "slurm", minutes_a_task=0.02, poll_seconds=0.3, memory="1G")
    for results, machine in (("local", "local"), ("cluster", "here")):
        finish(
            tmp_path, MODEL, [*GRID, "replicates=6", f"machine={machine}", f"results={results}"], cluster.environment
        )
    assert digests(tmp_path / "cluster") == digests(tmp_path / "local") != {}
    told = finish(tmp_path, MODEL, [*GRID, "replicates=6", "machine=here", "results=cluster"], cluster.environment)
    assert told.startswith("24 runs are there, 24 of them from before")


def test_kills_of_the_parent_and_a_lost_node_lose_nothing(tmp_path: Path, cluster: Slurm):
    machine_file(tmp_path, "here", "slurm", minutes_a_task=0.01, poll_seconds=0.3, memory="500M", rounds=50)
    arguments = [*GRID, "replicates=96", "machine=here", "results=cluster"]
    chance = random.Random(1)
    for kill in range(KILLS):
        parent = start(tmp_path, FAKE, arguments, cluster.environment)
        time.sleep(chance.uniform(0.5, 3.0))
        if kill == KILLS // 2:
            cluster.lose_node("n2")
        if kill == KILLS // 2 + 3:
            cluster.start_node("n2")
        os.killpg(parent.pid, signal.SIGKILL)
        parent.wait()
        if chance.random() < 0.3:  # and the tasks too, as an administrator would
            subprocess.run(["scancel", "--me"], env=cluster.environment, check=False)
    finish(tmp_path, FAKE, arguments, cluster.environment, 600)
    finish(tmp_path, FAKE, [*GRID, "replicates=96", "results=local"], cluster.environment)
    assert digests(tmp_path / "cluster") == digests(tmp_path / "local")
    assert left_over(tmp_path / "cluster") == []


def test_a_run_that_kills_its_process_fails_alone(tmp_path: Path, cluster: Slurm):
    machine_file(tmp_path, "here", "slurm", minutes_a_task=0.05, poll_seconds=0.3, memory="500M")
    tries = {"TRIES": str(tmp_path / "tries")}
    poison = "tests.experiments.fake_model:kills_its_worker"
    parent = start(tmp_path, poison, [*GRID, "replicates=8", "machine=here", "results=r"], cluster.environment | tries)
    assert parent.wait(300) == 1
    log = (tmp_path / "parent.log").read_text()
    assert "replicate 4: killed (signal 9, likely memory), 3 attempts" in log
    assert "28 runs are there" in log
