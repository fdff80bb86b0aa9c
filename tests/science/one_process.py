"""A machine that works all chunks in this process: workers are tested elsewhere, and starting them is dear."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from experiments.machines import Settings
from experiments.plan import Plan
from experiments.store import Store
from experiments.work import Failure, do_runs


def carry_out(
    plan: Plan, tasks: Sequence[Any], store: Store, settings: Settings, progress: Callable[[int], None],
    begin: Callable[[], object],
) -> list[Failure]:  # fmt: skip
    begin()
    failures: list[Failure] = []
    for task in tasks:
        failures += do_runs(plan, task.runs, store, lambda _: None).failures
        progress(len(task.runs))
    return failures
