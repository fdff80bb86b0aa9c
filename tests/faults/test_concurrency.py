"""Two sweeps at once, locks of the dead, folders that cannot be written, clocks that jump."""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import signal
import socket
import time
from pathlib import Path

import pytest

from experiments import lock
from experiments.durable import StoreError
from experiments.store import Store
from experiments.work import do_runs
from tests.faults.commands import FAKE, GRID, TEN, digests, ended, fork, planned, store, sweep, temporary
from tests.faults.injected import Fault, install

SLOW = (*GRID, "replicates=20", "workers=1")


def wait_for(path: Path) -> None:
    """Until a file is there and says something."""
    deadline = time.monotonic() + 30
    while not (path.is_file() and path.read_text()) and time.monotonic() < deadline:
        time.sleep(0.01)


def test_a_second_sweep_in_a_folder_is_refused_naming_who_works_there(tmp_path: Path, figure: list[tuple[str, str]]):
    planned(f"{FAKE}:run", TEN)
    pid = fork(tmp_path, "run_slowly", SLOW)
    wait_for(store(tmp_path).folder / ".lock")
    began = time.monotonic()
    second = sweep(tmp_path, TEN)
    figure.append(("a second sweep in a folder is refused after", f"{time.monotonic() - began:.2f} s"))
    os.killpg(pid, signal.SIGKILL)
    ended(tmp_path, pid)
    assert second.code == 3
    told = rf"is in use by pid {pid} on {socket.gethostname()} since \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d"
    assert re.search(told, second.err)
    assert (store(tmp_path).folder / ".lock").is_file()
    assert sweep(tmp_path, SLOW, "run_slowly").code == 0  # the dead one's lock is taken over
    assert not (store(tmp_path).folder / ".lock").exists()


def test_a_lock_that_its_holder_removed_meanwhile_is_not_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    import fcntl

    real, calls = fcntl.flock, itertools.count()

    def after_a_release(handle: object, how: int) -> None:
        if next(calls) == 0:
            (tmp_path / ".lock").unlink()
        real(handle, how)

    monkeypatch.setattr(fcntl, "flock", after_a_release)
    with lock.held(tmp_path), pytest.raises(StoreError, match="is in use by pid"), lock.held(tmp_path):
        pass


def killed_holder(folder: Path) -> None:
    """A process that takes the lock and is killed, while a fork of it keeps the locked file for half a second."""
    holder = os.fork()
    if not holder:
        with lock.held(folder):
            if not os.fork():
                time.sleep(0.5)
                os._exit(0)
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(holder, 0)


def test_workers_of_a_killed_holder_that_are_about_to_end_are_waited_for(tmp_path: Path, monkeypatch):
    killed_holder(tmp_path)
    with lock.held(tmp_path):
        assert f"pid {os.getpid()} " in (tmp_path / ".lock").read_text()
    killed_holder(tmp_path)
    monkeypatch.setattr(lock, "PATIENCE", 0.0)
    with pytest.raises(StoreError, match="is in use by pid"), lock.held(tmp_path):
        pass


def test_a_lock_that_is_a_link_is_not_followed(tmp_path: Path):
    (tmp_path / "precious").write_text("mine")
    (tmp_path / ".lock").symlink_to(tmp_path / "precious")
    with pytest.raises(StoreError, match=r"\.lock: cannot write"), lock.held(tmp_path):
        pass
    assert (tmp_path / "precious").read_text() == "mine"


def test_two_writers_of_a_shard_without_a_lock_leave_exactly_one_file(tmp_path: Path):
    plan = planned(f"{FAKE}:run", TEN).plan
    pids = []
    for _ in range(6):
        pid = os.fork()
        if pid == 0:
            code = 1
            with contextlib.suppress(BaseException):
                for chunk in plan.chunks():
                    do_runs(plan, chunk.runs, Store(tmp_path), lambda _: None)
                code = 0
            os._exit(code)
        pids.append(pid)
    assert [os.waitpid(pid, 0)[1] for pid in pids] == [0] * 6
    assert len(Store(tmp_path).sealed()) == len(plan.chunks()) == 3
    assert all(map(Store(tmp_path).is_true, Store(tmp_path).sealed()))
    assert temporary(tmp_path) == []


def test_two_sweeps_without_locks_as_on_two_computers_do_no_harm(tmp_path: Path, whole: dict[str, str]):
    def no_lock() -> None:
        lock._taken = lambda _: None  # type: ignore[assignment]

    pids = [fork(tmp_path, "run", TEN, no_lock) for _ in range(2)]
    codes = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]
    assert codes == [0, 0], (tmp_path / "err.txt").read_text()
    assert digests(tmp_path) == whole
    assert temporary(tmp_path) == []


def test_a_true_file_under_the_final_name_is_left_and_a_damaged_one_is_not(tmp_path: Path):
    plan = planned(f"{FAKE}:run", TEN).plan
    here, runs = Store(tmp_path), plan.chunks()[0].runs
    path = do_runs(plan, runs, here, lambda _: None).path
    assert path is not None
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    assert do_runs(plan, runs, here, lambda _: None).path == path
    assert path.read_bytes() == whole


def test_a_folder_without_permission_is_refused_before_the_first_run(tmp_path: Path):
    import experiments.machines.local  # noqa: F401  (another user may not read where Python lies)

    folder = tmp_path / "closed"
    (folder / "results").mkdir(parents=True)
    tmp_path.chmod(0o755)
    for parent in list(tmp_path.parents)[:3]:
        if parent.stat().st_uid == os.getuid() and parent != Path(parent.anchor):
            parent.chmod(parent.stat().st_mode | 0o055)

    def as_nobody() -> None:
        if os.getuid() == 0:
            os.setuid(65534)

    (folder / "results").chmod(0o555)
    refused = sweep(folder, prepare=as_nobody)
    (folder / "results").chmod(0o755)
    assert refused.code == 3, refused.err
    assert "results/grid: cannot be made: Permission denied" in refused.err
    assert digests(folder) == {}


@pytest.mark.parametrize("error", ["ENOSPC", "EROFS"])
def test_a_full_or_read_only_folder_is_refused_before_the_first_run(tmp_path: Path, error: str):
    refused = sweep(tmp_path, prepare=lambda: install(Fault("open", 1, error, "parent")))
    assert refused.code == 3
    assert "results/grid: cannot write" in refused.err
    assert digests(tmp_path) == {}
    assert temporary(tmp_path) == []


@pytest.mark.parametrize("name", ["runs", "quarantine", "runs/00"])
def test_a_folder_of_the_store_that_leads_elsewhere_is_refused(tmp_path: Path, name: str):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    link = store(tmp_path).folder / name
    link.parent.mkdir(parents=True)
    link.symlink_to(elsewhere)
    refused = sweep(tmp_path)
    assert refused.code == 3
    assert "is a symbolic link" in refused.err
    assert list(elsewhere.iterdir()) == []


def test_results_do_not_depend_on_the_clock(tmp_path: Path, whole: dict[str, str]):
    def jumps() -> None:
        real, turns = time.time, itertools.count()
        time.time = lambda: real() + (-1.0) ** next(turns) * 4e8
        time.strftime = lambda *_: "2040-02-30 25:61:61"

    assert sweep(tmp_path, prepare=jumps).code == 0
    assert digests(tmp_path) == whole


def test_two_jobs_in_one_second_do_not_meet(tmp_path: Path):
    def stands_still() -> None:
        time.time = lambda: 1_700_000_000.0
        time.strftime = lambda *_: "2023-11-14 22:13:20"

    jobs = [(*TEN[:-3], f"study={name}", *TEN[-2:]) for name in ("a", "b")]
    pids = [fork(tmp_path, "run", job, stands_still) for job in jobs]
    assert [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids] == [0, 0]
    found = [{p.name for p in (tmp_path / "results" / name / "runs").rglob("*.parquet")} for name in ("a", "b")]
    assert found[0] == found[1]
    assert len(found[0]) == 3
