"""Long-lived worker processes on this computer; they seal their shards themselves.

The parent survives any worker. One that dies is replaced and its chunk tried again; a run at which workers died three
times is marked failed and left out, and the others of its chunk finish. A run beyond its time limit is stopped with
its worker. Workers whose parent is gone end at once. A store that takes nothing more, because the disk is full for
instance, ends the work.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import signal
import time
import traceback
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from experiments.interruption import end_with_parent
from experiments.machines import Progress, Settings, Task
from experiments.plan import Plan, Run
from experiments.store import Store, StoreError
from experiments.work import Done, Failure, do_runs, function_of

ATTEMPTS = 3
LOOK = 1.0  # seconds between looks at time limits and memory


def carry_out(
    plan: Plan, tasks: list[Task], store: Store, settings: Settings, progress: Progress, prepare: Callable[[], object]
) -> list[Failure]:
    """Work the tasks on worker processes. KeyboardInterrupt leaves a valid store and no temporary file."""
    return Pool(plan, store, min(settings.processes, len(tasks)), settings.time_limit).work(tasks, progress, prepare)


def _work(pipe: Connection, plan: Plan, folder: Path) -> None:
    """A worker for one plan."""
    become_worker()
    work_plan(pipe, plan, folder)


def become_worker() -> None:
    """Leave signals to the parent, and end when it does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's affair
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    end_with_parent()


def work_plan(pipe: Connection, plan: Plan, folder: Path) -> None:
    """Take runs from the pipe until it closes or None comes; say which run it is at, then what came of them."""
    store, settled = Store(folder), False
    with contextlib.suppress(Exception):  # the model loads while the parent prepares; a run would tell why it cannot
        function_of(plan.function)
    with contextlib.suppress(EOFError, OSError):  # the parent is gone
        while (runs := pipe.recv()) is not None:
            try:
                answer = do_runs(plan, runs, store, pipe.send)
            except (BrokenPipeError, ConnectionError):
                raise
            except StoreError as failed:
                answer = Done(refused=str(failed))
            except Exception as failed:  # a result was not as declared
                told, trace = str(failed) or type(failed).__name__, traceback.format_exc()
                answer = Done(failures=[Failure(plan.points[r.point].name, r.replicate, told, trace) for r in runs])
            pipe.send(answer)
            if not settled:  # libraries and kernels are here to stay: the collector need not walk them again and again
                gc.collect()
                gc.freeze()
                settled = True


@contextlib.contextmanager
def held_back(number: signal.Signals) -> Iterator[None]:
    """Let a signal wait; a process that is started meanwhile begins with it waiting too."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {number})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@dataclass
class Worker:
    """A process, our end of its pipe, the task it is at, the run it is at and since when, its largest memory."""

    process: Any
    pipe: Connection
    task: Task | None = None
    run: Run | None = None
    since: float = 0.0
    peak: int = 0  # MB
    told: int = 0  # runs of the task that were counted as done

    def look(self) -> None:
        """Note the largest memory that the process has had, where the system tells."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            status = Path(f"/proc/{self.process.pid}/status").read_text()
            self.peak = int(status.split("VmHWM:")[1].split()[0]) // 1000


class Pool:
    """Workers for one plan."""

    def __init__(self, plan: Plan, store: Store, n_workers: int, time_limit: float | None) -> None:
        self.plan, self.store, self.time_limit = plan, store, time_limit
        self.context = multiprocessing.get_context("spawn")
        self.pids: set[int] = set()
        self.failures: list[Failure] = []
        self.strikes: Counter[Any] = Counter()
        resource_tracker.ensure_running()  # lets signals through when it starts: not while one is held back
        self.workers = [self._start() for _ in range(n_workers)]

    def _start(self) -> Worker:
        ours, theirs = self.context.Pipe()
        process = self.context.Process(target=_work, args=(theirs, self.plan, self.store.folder), daemon=True)
        with held_back(signal.SIGINT):  # until the worker is ready to leave Ctrl-C to us
            process.start()
        theirs.close()
        self.pids.add(int(process.pid or 0))
        return Worker(process, ours)

    def work(self, tasks: list[Task], progress: Progress, prepare: Callable[[], object]) -> list[Failure]:
        """Prepare while the workers start, work all tasks, and end; whatever comes, no temporary file stays."""
        try:
            prepare()
            for finished in self.run(tasks):
                progress(finished)
        finally:
            self.close()
            self.store.sweep_temporary(self.pids)
        return self.failures

    def run(self, tasks: list[Task]) -> Iterator[int]:
        """Work all tasks; yields changes of the number of runs that are through, negative when a worker dies."""
        waiting = deque(tasks)
        while waiting or any(worker.task for worker in self.workers):
            for worker in self.workers:
                if worker.task is None and waiting:
                    self._give(worker, waiting.popleft())
            busy = [worker for worker in self.workers if worker.task]
            ready = set(wait([worker.pipe for worker in busy], timeout=LOOK))
            for worker in busy:
                yield from self._hear(worker, waiting) if worker.pipe in ready else self._watch(worker, waiting)

    def _give(self, worker: Worker, task: Task) -> None:
        worker.task, worker.run, worker.since, worker.told = task, None, time.monotonic(), 0
        with contextlib.suppress(OSError):  # a worker that is dead already shows itself when we wait for it
            worker.pipe.send(task.runs)

    def _hear(self, worker: Worker, waiting: deque[Task]) -> Iterator[int]:
        """Take what a worker says: the run that it begins, or what came of its task, or nothing because it died."""
        assert worker.task is not None
        try:
            said = worker.pipe.recv()
        except (EOFError, OSError):
            worker.process.join(5)
            yield from self._strike(worker, waiting)
            return
        if isinstance(said, Done):
            if said.refused:
                raise StoreError(f"{said.refused}; finished runs are kept, the same command goes on")
            self.failures += said.failures
            yield len(worker.task.runs) - worker.told
            worker.task = None
            return
        if worker.run is not None:  # the run before is through; a task that dies is not, and takes this back
            worker.told += 1
            yield 1
        worker.run, worker.since = said, time.monotonic()

    def _watch(self, worker: Worker, waiting: deque[Task]) -> Iterator[int]:
        """Stop a run that has gone beyond its time limit."""
        worker.look()
        late = self.time_limit is not None and time.monotonic() - worker.since > self.time_limit
        if late and worker.run is not None:
            worker.process.kill()
            worker.process.join(5)
            yield from self._leave_out(worker, worker.run, f"time limit: stopped after {self.time_limit:g} s", waiting)

    def _strike(self, worker: Worker, waiting: deque[Task]) -> Iterator[int]:
        """A worker died: its task is tried again, without the run at which workers died too often."""
        task = worker.task
        assert task is not None
        culprit: Any = worker.run if worker.run is not None else task.chunk.number
        self.strikes[culprit] += 1
        if self.strikes[culprit] < ATTEMPTS:
            yield -worker.told
            self._mend(worker)
            waiting.append(task)
            return
        reason = f"{_ended(worker.process.exitcode)}, {ATTEMPTS} attempts"
        if worker.peak:
            reason += f", {worker.peak} MB at its largest"
        if worker.run is not None:
            yield from self._leave_out(worker, worker.run, reason, waiting)
        else:
            self.failures += [self._failed(run, reason) for run in task.runs]
            yield len(task.runs) - worker.told
            self._mend(worker)

    def _leave_out(self, worker: Worker, run: Run, reason: str, waiting: deque[Task]) -> Iterator[int]:
        """Mark a run failed and let the others of its task be tried again."""
        assert worker.task is not None
        others = tuple(other for other in worker.task.runs if other != run)
        if others:
            waiting.append(replace(worker.task, runs=others))
        self.failures.append(self._failed(run, reason))
        yield 1 - worker.told
        self._mend(worker)

    def _failed(self, run: Run, reason: str) -> Failure:
        return Failure(self.plan.points[run.point].name, run.replicate, reason)

    def _mend(self, worker: Worker) -> None:
        """Replace the process of a worker that died, and make it free."""
        worker.pipe.close()
        fresh = self._start()
        worker.process, worker.pipe, worker.task, worker.run, worker.peak = fresh.process, fresh.pipe, None, None, 0

    def close(self) -> None:
        """End all workers."""
        for worker in self.workers:
            worker.pipe.close()
            worker.process.terminate()
        for worker in self.workers:
            worker.process.join(5)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join(5)


def _ended(exitcode: int | None) -> str:
    if exitcode is not None and exitcode < 0:
        return f"killed (signal {-exitcode}{', likely memory' if exitcode == -9 else ''})"
    return f"worker ended with code {exitcode}"
