"""Runs jobs (a scenario and a few replicates) on long-lived worker processes; workers write their shards themselves.

The parent survives any worker: one that dies is replaced and its job tried again, at most three times, then the job is
marked failed and the others finish. Results do not depend on the number of workers or on the order.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import signal
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from experiments.outcomes import run_id, table_of
from experiments.store import Store, shard_id
from sim.scenario import Scenario

MODEL = "sim.model:run"
RUNS_A_SHARD = 4
ATTEMPTS = 3
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


@dataclass(frozen=True)
class Job:
    """One shard's work. `function` is the model as module:name; it takes (scenario, seed, replicate)."""

    scenario: Scenario
    seed: int
    replicates: tuple[int, ...]
    function: str = MODEL

    @property
    def shard(self) -> str:
        """The shard's name: its scenario's name and the ids of its runs."""
        return shard_id(self.scenario.name, *(run_id(self.scenario, self.seed, r) for r in self.replicates))


@dataclass(frozen=True)
class Failure:
    """A run that gave no result: why, in one line, and the traceback if there is one."""

    scenario: str
    replicate: int
    reason: str
    trace: str = ""


@dataclass
class Report:
    """What came of the jobs: sealed files by scenario, and failures."""

    shards: dict[str, list[Path]] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    reused: int = 0


def jobs_of(scenarios: Sequence[Scenario], seed: int, replicates: int, function: str = MODEL) -> list[Job]:
    """All jobs of a study: the borders of shards depend on nothing but the number of the replicate."""
    starts = range(0, replicates, RUNS_A_SHARD)
    return [
        Job(scenario, seed, tuple(range(start, min(start + RUNS_A_SHARD, replicates))), function)
        for start in starts
        for scenario in scenarios
    ]


def _function(name: str) -> Callable[[Scenario, int, int], Any]:
    module, _, attribute = name.partition(":")
    found: Callable[[Scenario, int, int], Any] = getattr(import_module(module), attribute)
    return found


def do(job: Job, store: Store) -> tuple[Path | None, list[Failure]]:
    """Run one job here: the sealed file (None when no run succeeded) and the runs that failed."""
    outcomes, failures = {}, []
    for replicate in job.replicates:
        try:
            outcomes[replicate] = _function(job.function)(job.scenario, job.seed, replicate)
        except Exception as failed:
            reason = (str(failed) or type(failed).__name__).splitlines()[0]
            told = f"{type(failed).__name__}: {reason}"
            failures.append(Failure(job.scenario.name, replicate, told, traceback.format_exc()))
    if not outcomes:
        return None, failures
    done = replace(job, replicates=tuple(outcomes))
    return store.write_shard(done.shard, table_of(job.scenario, job.seed, outcomes)), failures


def _work(pipe: Connection, folder: Path, module: str) -> None:
    """A worker: takes jobs from the pipe until it closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's affair
    store, settled = Store(folder), False
    with contextlib.suppress(Exception):  # the model loads while the parent prepares; a job would tell why it cannot
        import_module(module)
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            job = pipe.recv()
            try:
                answer: Any = do(job, store)
            except Exception as failed:  # the store failed, or the result was not as declared
                answer = (None, [Failure(job.scenario.name, r, str(failed), traceback.format_exc())
                                 for r in job.replicates])  # fmt: skip
            pipe.send(answer)
            if not settled:  # libraries and kernels are here to stay: the collector need not walk them again and again
                gc.collect()
                gc.freeze()
                settled = True


@dataclass
class _Worker:
    """A process, our end of its pipe, the job it is at and how often that was tried."""

    process: Any
    pipe: Connection
    job: Job | None = None
    attempt: int = 0


class Pool:
    """Long-lived workers for one study; each loads the model's module (that of a job's function) when it starts."""

    def __init__(self, n_workers: int, folder: Path, module: str = MODEL.partition(":")[0]) -> None:
        self.context = multiprocessing.get_context("spawn")
        self.folder, self.module = folder, module
        self.pids: set[int] = set()
        self.workers = [self._start() for _ in range(n_workers)]

    def _start(self) -> _Worker:
        ours, theirs = self.context.Pipe()
        process = self.context.Process(target=_work, args=(theirs, self.folder, self.module), daemon=True)
        process.start()
        theirs.close()
        self.pids.add(int(process.pid or 0))
        return _Worker(process, ours)

    def run(self, jobs: Sequence[Job], report: Report) -> Iterator[int]:
        """Run all jobs; yields the number of runs that each finished job held."""
        waiting = deque((job, 1) for job in jobs)
        while waiting or any(w.job for w in self.workers):
            for worker in self.workers:
                if worker.job is None and waiting:
                    worker.job, worker.attempt = waiting.popleft()
                    self._give(worker)
            busy = [w for w in self.workers if w.job]
            ready = set(wait([w.pipe for w in busy], timeout=1.0))
            for worker in busy:
                if worker.pipe in ready:
                    job = worker.job
                    assert job is not None
                    if self._collect(worker, report):
                        yield len(job.replicates)
                    elif worker.attempt < ATTEMPTS:
                        waiting.append((job, worker.attempt + 1))
                    else:
                        report.failures += [_killed(job, r, worker.process.exitcode) for r in job.replicates]
                        yield len(job.replicates)
                    self._mend(worker)

    def _give(self, worker: _Worker) -> None:
        with contextlib.suppress(OSError):  # a worker that is dead already shows itself when we wait for it
            worker.pipe.send(worker.job)

    def _collect(self, worker: _Worker, report: Report) -> bool:
        """Take a worker's answer; False when it died instead."""
        job = worker.job
        assert job is not None
        try:
            path, failures = worker.pipe.recv()
        except (EOFError, OSError):
            worker.process.join(5)
            return False
        if path is not None:
            report.shards.setdefault(job.scenario.name, []).append(path)
        report.failures += failures
        return True

    def _mend(self, worker: _Worker) -> None:
        """Make the worker free; replace its process when it died."""
        worker.job = None
        if not worker.process.is_alive():
            worker.pipe.close()
            fresh = self._start()
            worker.process, worker.pipe = fresh.process, fresh.pipe

    def close(self) -> None:
        """End all workers."""
        for worker in self.workers:
            worker.pipe.close()
            worker.process.terminate()
        for worker in self.workers:
            worker.process.join(5)


def _killed(job: Job, replicate: int, exitcode: int | None) -> Failure:
    reason = f"worker ended with code {exitcode}"
    if exitcode is not None and exitcode < 0:
        reason = f"killed (signal {-exitcode}{', likely memory' if exitcode == -9 else ''})"
    return Failure(job.scenario.name, replicate, f"{reason}, {ATTEMPTS} attempts")


def execute(
    jobs: Sequence[Job],
    store: Store,
    n_workers: int,
    progress: Callable[[int], None],
    prepare: Callable[[], object] = lambda: None,
) -> Report:
    """Run what the store does not hold yet. KeyboardInterrupt leaves a valid store and no temporary file.

    prepare : called before the first job if there is one, while the workers start (to compile, say).
    """
    report = Report()
    missing = []
    for job in jobs:
        path = store.find(job.shard)
        if path is None:
            missing.append(job)
        else:
            report.shards.setdefault(job.scenario.name, []).append(path)
            report.reused += len(job.replicates)
    if not missing:
        progress(report.reused)
        return report
    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")
    pool = Pool(min(n_workers, len(missing)), store.folder, missing[0].function.partition(":")[0])
    try:
        prepare()
        progress(report.reused)
        for finished in pool.run(missing, report):
            progress(finished)
    finally:
        pool.close()
        store.sweep_temporary(pool.pids)
        store.sync(path for paths in report.shards.values() for path in paths)
    return report
