"""Machines that carry out a plan: worker processes here, a Slurm cluster, a Dask cluster. The store is the truth.

Every machine gets the chunks with the runs that no sealed file holds, lets workers seal them, and says what failed.
What is missing afterwards is found by looking at the store, never by asking the machine.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Protocol

from experiments.index import Index, read_index, write_index
from experiments.plan import Chunk, Plan, Run
from experiments.store import Store
from experiments.work import Failure

MACHINES = {"local": "experiments.machines.local", "slurm": "experiments.machines.slurm",
            "dask": "experiments.machines.dask_cluster"}  # fmt: skip
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Settings:
    """How a plan is carried out: nothing here can change a result.

    Attributes
    ----------
    workers : processes (local), tasks at a time (slurm), workers of an own cluster (dask); None: as many as cores.
    time_limit : seconds that one run may take; None: as long as it takes.
    options : further settings of the machine (configs/machine/*.yaml), by name.
    """

    machine: str = "local"
    workers: int | None = None
    time_limit: float | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def processes(self) -> int:
        """Worker processes of this computer."""
        return self.workers or len(os.sched_getaffinity(0))


@dataclass
class Report:
    """What came of a plan: what the store held before, files put aside, what failed, what it holds now."""

    reused: int = 0
    quarantined: int = 0
    failures: list[Failure] = field(default_factory=list)
    index: Index = field(default_factory=Index)


@dataclass(frozen=True)
class Task:
    """A chunk and those of its runs that are to be worked."""

    chunk: Chunk
    runs: tuple[Run, ...]


class Machine(Protocol):
    """What a machine's module offers."""

    def carry_out(
        self, plan: Plan, tasks: list[Task], store: Store, settings: Settings, progress: Progress,
        prepare: Callable[[], object],
    ) -> list[Failure]:  # fmt: skip
        """Work the tasks; sealed results lie in the store, failures are returned. Calls `prepare` before the first."""


def missing(plan: Plan, index: Index) -> list[Task]:
    """The chunks with those runs that no sealed file holds, in order."""
    held = index.runs.get(plan.record, {})
    tasks = []
    for chunk in plan.chunks():
        runs = tuple(run for run in chunk.runs if plan.run_id(run) not in held)
        if runs:
            tasks.append(Task(chunk, runs))
    return tasks


def nothing() -> None:
    """There is nothing to prepare."""


def execute(
    plan: Plan, store: Store, settings: Settings, progress: Progress, prepare: Callable[[], object] = nothing,
    own: Machine | None = None,
) -> Report:  # fmt: skip
    """Run what the store does not hold yet, on the machine that is set.

    prepare : called before the first run if there is one to do (to compile, say), while workers start.
    own : a machine that the caller keeps, instead of one by its name.
    """
    index = read_index(store, verify=True)
    tasks = missing(plan, index)
    kept = len(plan) - sum(len(task.runs) for task in tasks)
    report = Report(reused=kept, quarantined=len(index.quarantined), index=index)
    if not tasks:
        progress(report.reused)
    else:
        for name in ONE_THREAD:
            os.environ.setdefault(name, "1")
        machine: Machine = own or import_module(MACHINES[settings.machine])

        def begin() -> None:
            prepare()
            progress(report.reused)

        report.failures = machine.carry_out(plan, tasks, store, settings, progress, begin)
        report.index = read_index(store, verify=False)
    write_index(store, report.index)
    return report
