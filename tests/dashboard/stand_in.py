"""An engine on the stand-in model that works in this process, and results made by it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from experiments.dashboard.engine import DONE, FAILED, Engine
from experiments.dashboard.selection import Selection
from experiments.dashboard.sight import Shown, Sight, Where, look
from experiments.dashboard.studies import Reader
from experiments.machines import Progress, Settings, Task
from experiments.plan import Plan
from experiments.store import Store
from experiments.work import Failure, do_runs

FAKE = "tests.experiments.fake_model"
QUICK = {"population": "tiny", "parameters": "central", "drivers": "central"}


class Here:
    """A machine that works in this process."""

    def __init__(self) -> None:
        self.runs = 0

    def carry_out(
        self, plan: Plan, tasks: list[Task], store: Store, settings: Settings, progress: Progress,
        prepare: Callable[[], object],
    ) -> list[Failure]:  # fmt: skip
        prepare()
        failures: list[Failure] = []
        for task in tasks:
            failures += do_runs(plan, task.runs, store, lambda _: None).failures
            self.runs += len(task.runs)
            progress(len(task.runs))
        return failures


def engine_in(folder: Path, function: str = "run", machine: Any = None, **changes: Any) -> Engine:
    """An engine on a function of the stand-in model."""
    settings = {"runs": 1, "most_waiting": 20} | changes
    return Engine(folder, machine or Here(), function=f"{FAKE}:{function}", **settings)


def finished(engine: Engine, number: str, seconds: float = 60.0) -> dict[str, Any]:
    """The state of a job when it is through."""
    for _ in range(int(seconds / 0.02)):
        told = engine.state(number)
        if told["state"] in (DONE, FAILED):
            return told
        time.sleep(0.02)
    raise AssertionError(f"job {number} did not end: {told}")


def run(engine: Engine, *selections: Selection) -> dict[str, Any]:
    """Run selections as one job."""
    told = engine.submit([one.texts() for one in selections], selections[0].replicates)
    return finished(engine, told["number"])


def sight_in(folder: Path, doses: dict[str, str], replicates: int = 6) -> tuple[Reader, Shown, Sight]:
    """A mix on history beside its reference."""
    mix = Selection(replicates=replicates, doses=doses, **QUICK)
    engine = engine_in(folder)
    told = run(engine, mix.reference(), mix)
    engine.close()
    assert told["state"] == DONE, told
    reader, (reference, own) = Reader(folder), told["studies"]
    shown = Shown(("Mix 1", "组合1"), Where(own, "history"), Where(reference, "history"), replicates, 1)
    return reader, shown, look(reader, shown)
