"""Kills and signals at any moment: the same command goes on, and ends where an undisturbed sweep ends."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

import pytest

from tests.faults.commands import FAKE, GRID, LONG, digests, ended, fork, said, start, store, sweep, temporary

SLOW = (*GRID, "replicates=20", "workers=2")  # 40 runs of 30 ms
CHUNKS = 10
KILLS = 50 if LONG else 5
ORPHANS_END = 5.0  # seconds


def signal_when_working(folder: Path, pid: int, *signals: int) -> None:
    """Signal a command as soon as it has sealed its first files, each a moment after the one before."""
    deadline = time.monotonic() + 60
    while len(store(folder).sealed()) < 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    for number in signals:
        os.kill(pid, number)
        time.sleep(0.05)


def is_whole(folder: Path, reference: Path) -> None:
    """A folder holds what the undisturbed sweep left, and nothing else; the same command then finds all there."""
    assert digests(folder) == digests(reference)
    assert temporary(folder) == []
    before = digests(folder)
    again = sweep(folder, SLOW, "run_slowly")
    assert "40 runs are there, 40 of them from before" in again.out
    assert digests(folder) == before


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, float]:
    """A sweep that nobody disturbed, and how long it took."""
    folder = tmp_path_factory.mktemp("undisturbed")
    began = time.monotonic()
    done = sweep(folder, SLOW, "run_slowly")
    assert done.code == 0, done.err
    return folder, time.monotonic() - began


def test_kills_of_the_process_group_at_random_moments_lose_nothing(
    tmp_path: Path, undisturbed: tuple[Path, float], figure: list[tuple[str, str]]
):
    chance, kills, finished = random.Random(1), 0, 0
    folder = tmp_path / "0"
    folder.mkdir()
    while kills < KILLS:
        pid = fork(folder, "run_slowly", SLOW)
        time.sleep(chance.uniform(0.1, 0.7) * undisturbed[1])
        os.killpg(pid, signal.SIGKILL)
        kills += ended(folder, pid).code == -signal.SIGKILL
        assert all(map(store(folder).is_true, store(folder).sealed()))
        if len(store(folder).sealed()) == CHUNKS or kills == KILLS:
            assert sweep(folder, SLOW, "run_slowly").code == 0
            is_whole(folder, undisturbed[0])
            finished += 1
            folder = tmp_path / str(finished)
            folder.mkdir()
    figure.append(("kills of the process group, sweeps that ended otherwise", f"{kills}, 0 of {finished}"))


@pytest.mark.skipif(not LONG, reason="the long form: make test-faults")
def test_kills_of_a_command_with_spawned_workers_lose_nothing(
    tmp_path: Path, undisturbed: tuple[Path, float], figure: list[tuple[str, str]]
):
    chance = random.Random(2)
    for _ in range(20):
        parent = start(tmp_path, f"{FAKE}:run_slowly", SLOW)
        time.sleep(chance.uniform(1.0, 4.0))
        os.killpg(parent.pid, signal.SIGKILL)
        parent.wait()
    assert start(tmp_path, f"{FAKE}:run_slowly", SLOW).wait(120) == 0
    is_whole(tmp_path, undisturbed[0])
    figure.append(("kills of a whole command from its start on, runs lost or different", "20, 0"))


def test_workers_end_when_their_parent_is_killed(tmp_path: Path):
    parent = start(tmp_path, f"{FAKE}:never_ends", (*GRID, "replicates=8", "workers=2"))
    children = wait_for_children(parent.pid, 2)
    deadline = time.monotonic() + 60
    while not store(tmp_path).sealed() and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(1.0)  # now both are at a run that never ends
    parent.kill()
    parent.wait()
    assert still_alive(children) == []
    assert all(map(store(tmp_path).is_true, store(tmp_path).sealed()))


def wait_for_children(pid: int, count: int) -> list[int]:
    """The worker processes of a command, once there are so many that have begun a run."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        workers = [int(child) for child in listed if "spawn_main" in Path(f"/proc/{child}/cmdline").read_text()]
        if len(workers) >= count:
            return workers
        time.sleep(0.05)
    raise AssertionError("no workers were started")


def still_alive(pids: list[int]) -> list[int]:
    """Those of some processes that have not ended when orphans should have."""
    deadline = time.monotonic() + ORPHANS_END
    while any(map(is_alive, pids)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return [pid for pid in pids if is_alive(pid)]


def is_alive(pid: int) -> bool:
    """Whether a process is there and is not a corpse that nobody has fetched yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if LONG else [])])
def test_a_signal_stops_with_a_valid_store_and_the_command_goes_on(
    tmp_path: Path, undisturbed: tuple[Path, float], number: int
):
    pid = fork(tmp_path, "run_slowly", SLOW)
    signal_when_working(tmp_path, pid, number)
    told = ended(tmp_path, pid)
    assert told.code == 130
    assert "interrupted; finished runs are kept, the same command goes on" in told.err
    assert temporary(tmp_path) == []
    assert 2 <= len(store(tmp_path).sealed()) < CHUNKS
    assert sweep(tmp_path, SLOW, "run_slowly").code == 0
    assert digests(tmp_path) == digests(undisturbed[0])


def test_a_second_ctrl_c_ends_everything_at_once(tmp_path: Path, undisturbed: tuple[Path, float]):
    def cannot_close(*_: object) -> None:
        time.sleep(600)

    def stuck() -> None:
        from experiments.machines import local

        local.Pool.close = cannot_close

    pid = fork(tmp_path, "run_slowly", SLOW, stuck)
    signal_when_working(tmp_path, pid, signal.SIGINT)
    workers = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    time.sleep(0.3)
    began = time.monotonic()
    os.kill(pid, signal.SIGINT)
    assert ended(tmp_path, pid).code == 130
    assert time.monotonic() - began < ORPHANS_END
    assert len(workers) >= 2, "two workers, and a helper of the library where it has one"
    assert still_alive(workers) == []
    assert all(map(store(tmp_path).is_true, store(tmp_path).sealed()))
    assert sweep(tmp_path, SLOW, "run_slowly").code == 0
    assert digests(tmp_path) == digests(undisturbed[0])


def test_ctrl_c_of_a_terminal_reaches_spawned_workers_and_disturbs_none(tmp_path: Path):
    parent = start(tmp_path, f"{FAKE}:run_slowly", SLOW)
    wait_for_children(parent.pid, 2)
    time.sleep(0.2)
    os.killpg(parent.pid, signal.SIGINT)  # the whole group, while workers are still starting
    assert parent.wait(30) == 130
    assert "Traceback" not in said(tmp_path), said(tmp_path)
    assert temporary(tmp_path) == []
