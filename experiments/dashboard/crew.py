"""Workers that are warm: started and compiled once with the server, then lent to one plan after the other.

A worker of a command costs seconds before its first run; a planner who moves a lever should not wait for that. What a
worker does with a plan, and what happens when it dies, is the same as for a command (experiments.machines.local).
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection

from experiments.compiling import prepare, prepare_apart
from experiments.machines import Progress, Settings, Task
from experiments.machines.local import Pool, Worker, become_worker, held_back, work_plan
from experiments.plan import Plan
from experiments.store import Store
from experiments.work import Failure

READY = "ready"
Warm = Callable[[], object]


def nothing() -> None:
    """There is nothing to warm."""


def warm_model() -> None:
    """Load the model and every kernel."""
    prepare()


def _serve(pipe: Connection, warm: Warm) -> None:
    """A worker: warms up, says so, then works plan after plan; each comes as a pair of plan and folder."""
    become_worker()
    with contextlib.suppress(Exception):  # a run would tell what is wrong
        warm()
    with contextlib.suppress(EOFError, OSError):
        pipe.send(READY)
        while True:
            work_plan(pipe, *pipe.recv())


class _Hand:
    """A warm process and our end of its pipe."""

    def __init__(self, warm: Warm) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, warm), daemon=True)
        with held_back(signal.SIGINT):  # until the worker is ready to leave Ctrl-C to us
            self.process.start()
        theirs.close()
        self.is_ready = False

    def wait(self) -> None:
        """Return when it is warm. Raises EOFError when it died on the way."""
        if not self.is_ready:
            self.is_ready = self.pipe.recv() == READY

    def end(self) -> None:
        """End the process, whatever it is at."""
        self.pipe.close()
        self.process.kill()
        self.process.join(5)


class Crew:
    """Warm workers, `share` of which carry out one plan; a machine as experiments.machines.execute takes one."""

    def __init__(self, n_workers: int, share: int, warm: Warm = warm_model) -> None:
        self.n_workers, self.share, self.warm = n_workers, share, warm
        self.lock, self.is_ready, self.is_closed = threading.Lock(), threading.Event(), False
        self.free: list[_Hand] = []

    def start(self) -> None:
        """Compile once, start all workers, and return when they are warm."""
        try:
            if self.warm is warm_model:
                prepare_apart()  # else every worker would compile what no cache holds yet
            for _ in range(self.n_workers):
                self.give_back(_Hand(self.warm))
            for hand in list(self.free):
                with contextlib.suppress(EOFError, OSError):
                    hand.wait()
        finally:
            self.is_ready.set()

    def take(self) -> _Hand:
        """A warm worker that is nobody's; a fresh one where all are lent or dead. Waits until the crew has started."""
        self.is_ready.wait()
        while True:
            with self.lock:
                hand = self.free.pop() if self.free else _Hand(self.warm)
            try:
                hand.wait()
            except (EOFError, OSError):
                hand.end()
                continue
            if hand.process.is_alive():
                return hand
            hand.end()

    def give_back(self, hand: _Hand) -> None:
        """Take a worker back that has nothing to do."""
        with self.lock:
            if not self.is_closed:
                self.free.append(hand)
                return
        hand.end()

    def replace(self, hand: _Hand) -> None:
        """End a worker that is dead or busy with what nobody wants any more, and begin to warm another."""
        hand.end()
        if not self.is_closed:
            self.give_back(_Hand(self.warm))

    def carry_out(
        self, plan: Plan, tasks: list[Task], store: Store, settings: Settings, progress: Progress,
        prepare: Callable[[], object],
    ) -> list[Failure]:  # fmt: skip
        """Work the tasks with a share of the crew."""
        lent = _Lent(self, plan, store, min(self.share, len(tasks)), settings.time_limit)
        return lent.work(tasks, progress, prepare)

    def close(self) -> None:
        """End all that are free; those that are lent end when they come back."""
        with self.lock:
            self.is_closed, free, self.free = True, self.free, []
        for hand in free:
            hand.end()


class _Lent(Pool):
    """The workers of one plan, borrowed from the crew."""

    def __init__(self, crew: Crew, plan: Plan, store: Store, n_workers: int, time_limit: float | None) -> None:
        self.crew, self.hands = crew, dict[int, _Hand]()
        super().__init__(plan, store, n_workers, time_limit)

    def _start(self) -> Worker:
        hand = self.crew.take()
        hand.pipe.send((self.plan, self.store.folder))
        pid = int(hand.process.pid or 0)
        self.hands[pid] = hand
        self.pids.add(pid)
        return Worker(hand.process, hand.pipe)

    def close(self) -> None:
        """Give back who has finished; end who is still at something."""
        for worker in self.workers:
            hand = self.hands.pop(int(worker.process.pid or 0))
            try:
                if worker.task is not None:
                    raise OSError("is busy")
                hand.pipe.send(None)
            except OSError:
                self.crew.replace(hand)
            else:
                self.crew.give_back(hand)
        for hand in self.hands.values():  # who died on the way
            self.crew.replace(hand)
