"""Works the runs of a chunk one after the other and seals those that succeed as one shard."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from experiments.plan import Plan, Run
from experiments.shards import table_of
from experiments.store import Store, shard_id
from sim.scenario import Scenario

LONGEST_REASON = 300


@dataclass(frozen=True)
class Failure:
    """A run that gave no result: why, in one line, and the traceback if there is one."""

    scenario: str
    replicate: int
    reason: str
    trace: str = ""


@dataclass
class Done:
    """What came of a chunk: the sealed file (None when no run succeeded), the ids in it, and the runs that failed."""

    path: Path | None = None
    runs: list[str] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    refused: str = ""  # why the store took nothing: nothing more can be done in it


def function_of(name: str) -> Callable[[Scenario, int, int], Any]:
    """The model: the attribute of a module, as module:name."""
    module, _, attribute = name.partition(":")
    found: Callable[[Scenario, int, int], Any] = getattr(import_module(module), attribute)
    return found


def failure_of(plan: Plan, run: Run, failed: BaseException) -> Failure:
    """A run that raised, as one line and a traceback."""
    reason = (str(failed) or type(failed).__name__).splitlines()[0][:LONGEST_REASON]
    told = f"{type(failed).__name__}: {reason}"
    trace = "".join(traceback.format_exception(failed))
    return Failure(plan.points[run.point].name, run.replicate, told, trace)


def do_runs(plan: Plan, runs: Sequence[Run], store: Store, tell: Callable[[Run | None], None]) -> Done:
    """Work runs of a plan and seal them together. `tell` hears of each run before it starts, of None before sealing.

    A run that raises is a failure of its own; the others are sealed. Raises StoreError when nothing can be written.
    """
    function, done = function_of(plan.function), Done()
    outcomes: list[tuple[Run, Any]] = []
    for run in runs:
        tell(run)
        try:
            outcomes.append((run, function(plan.scenario_of(run), plan.seed, run.replicate)))
        except Exception as failed:
            done.failures.append(failure_of(plan, run, failed))
    tell(None)
    if outcomes:
        done.runs = [plan.run_id(run) for run, _ in outcomes]
        done.path = store.write_shard(shard_id(plan.record, *done.runs), table_of(plan, outcomes))
    return done
