"""What cluster machines share: chunks in batches, and rounds of handing out what the store still misses.

A cluster may lose a node, kill a task or start one twice. So nothing is believed of it: after every round the store is
asked what is missing, and that is handed out again, as long as a round brings something.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from experiments.index import read_index
from experiments.machines import Progress, Task, missing
from experiments.plan import Plan, Run, seconds_a_run
from experiments.plan_files import FAILED
from experiments.sealed_json import read_sealed
from experiments.store import Store
from experiments.work import Failure

LOOK = 2.0  # seconds between looks at the store while a round goes on: a cluster may ask after every batch
IDLE_ROUNDS = 2  # rounds without any new run after which the rest is given up


def batches(plan: Plan, tasks: list[Task], minutes: float, most: int) -> list[list[int]]:
    """Numbers of chunks, put together so that a batch takes about so many minutes and there are not too many."""
    wanted = 60.0 * minutes
    works = [sum(seconds_a_run(plan.points[run.point].scenario) for run in task.runs) for task in tasks]
    wanted = max(wanted, sum(works) / most)
    found: list[list[int]] = []
    filled = wanted
    for task, seconds in zip(tasks, works, strict=True):
        if filled + seconds > wanted * 1.0001 and len(found) < most:
            found.append([])
            filled = 0.0
        found[-1].append(task.chunk.number)
        filled += seconds
    return found


def told_failures(plan: Plan, store: Store) -> dict[Run, Failure]:
    """Runs that raised on a cluster: their tasks left the reason in the folder failed/ of the study."""
    ids = {path.stem: path for path in (store.folder / FAILED).glob("*.json")}
    found: dict[Run, Failure] = {}
    for run in plan.runs() if ids else ():
        path = ids.get(plan.run_id(run))
        if path is not None:
            told = read_sealed(path)
            found[run] = Failure(told["scenario"], told["replicate"], told["reason"], told.get("trace", ""))
    return found


def forget_failures(store: Store) -> None:
    """Remove what earlier attempts left in failed/: every attempt tells its own."""
    for path in (store.folder / FAILED).glob("*.json"):
        path.unlink(missing_ok=True)


def carry_on(
    plan: Plan, store: Store, progress: Progress, hand_out: Callable[[list[Task], Callable[[], None]], None],
    rounds: int, logs: Path,
) -> list[Failure]:  # fmt: skip
    """Hand out what is missing until nothing is, at most so many rounds; returns the failures.

    hand_out : works tasks on the cluster, returns when none is under way; calls its second argument now and then.
    """
    left, idle = _open(plan, store, {}), 0
    waiting = count = sum(len(task.runs) for task in left)
    looked = 0.0
    for _ in range(rounds):
        if not left or idle >= IDLE_ROUNDS:
            break

        def look() -> None:
            nonlocal waiting, looked
            if time.monotonic() - looked < LOOK:
                return
            looked = time.monotonic()
            there = sum(len(task.runs) for task in missing(plan, read_index(store, verify=False)))
            if there < waiting:
                progress(waiting - there)
                waiting = there

        hand_out(left, look)
        looked = 0.0
        look()
        left = _open(plan, store, told_failures(plan, store))
        now = sum(len(task.runs) for task in left)
        idle = idle + 1 if now >= count else 0
        count = now
    failed = told_failures(plan, store)
    lost = [run for task in left for run in task.runs]
    reason = f"no result after {rounds} rounds or {IDLE_ROUNDS} without any; the tasks' logs are in {logs.as_posix()}"
    return [*failed.values(), *(Failure(plan.points[r.point].name, r.replicate, reason) for r in lost)]


def _open(plan: Plan, store: Store, failed: dict[Run, Failure]) -> list[Task]:
    """Tasks whose runs are neither sealed nor known to fail."""
    tasks = []
    for task in missing(plan, read_index(store, verify=False)):
        runs = tuple(run for run in task.runs if run not in failed)
        if runs:
            tasks.append(Task(task.chunk, runs))
    return tasks
