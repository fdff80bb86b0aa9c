"""A Dask cluster: an existing scheduler's address, or workers of our own on this computer.

A batch is worked by `innopolicy work` in a process of its own beside the Dask worker, so workers need this package and
a file system that all see. What comes back over the network is plain text; results lie in the store.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from experiments.machines import Progress, Settings, Task
from experiments.machines.rounds import batches, carry_on, forget_failures
from experiments.plan import Plan
from experiments.plan_files import write_plan
from experiments.store import Store, StoreError
from experiments.work import Failure

BATCHES_A_ROUND = 10_000
RETRIES = 3  # of a batch whose worker was lost


def carry_out(
    plan: Plan, tasks: list[Task], store: Store, settings: Settings, progress: Progress, prepare: Callable[[], object]
) -> list[Failure]:
    """Work the tasks on a Dask cluster. Raises StoreError when Dask is not installed or does not answer."""
    try:
        distributed: Any = import_module("distributed")
    except ImportError:
        raise StoreError("machine = dask: Dask is not installed; pip install 'innopolicy[dask]'") from None
    path = write_plan(store, plan).resolve()
    forget_failures(store)
    prepare()
    options = settings.options

    def hand_out(left: list[Task], look: Callable[[], None]) -> None:
        lines = batches(plan, left, float(str(options["minutes_a_task"])), BATCHES_A_ROUND)
        here, search = str(Path.cwd()), os.pathsep.join(entry for entry in sys.path if entry)
        futures = [
            client.submit(work_batch, str(path), tuple(line), settings.time_limit, here, search, pure=False,
                          retries=RETRIES)
            for line in lines
        ]  # fmt: skip
        for future in distributed.as_completed(futures, raise_errors=False):
            if future.status == "error":  # the store tells what is missing; this says why
                print(f"dask: {future.exception()}", file=sys.stderr, flush=True)
            look()

    with _cluster(settings) as where:
        try:
            client = distributed.Client(where, timeout=str(options["connect_seconds"]) + "s")
        except (OSError, TimeoutError) as failed:
            raise StoreError(f"machine = dask: {where}: does not answer ({failed})") from None
        with client:
            return carry_on(plan, store, progress, hand_out, int(str(options["rounds"])), store.folder)


def _cluster(settings: Settings) -> Any:
    """The scheduler's address as it is given, or a cluster of our own that ends with us."""
    from contextlib import nullcontext

    address = settings.options.get("address")
    if address:
        return nullcontext(str(address))
    return import_module("distributed").LocalCluster(
        n_workers=settings.processes, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
    )


def work_batch(path: str, chunks: tuple[int, ...], time_limit: float | None, folder: str, search: str) -> str:
    """Work some chunks of a plan in a process of their own on a worker's computer; what it said of failures.

    A run that kills its process kills no worker that way. Raises StoreError when nothing could be worked.
    """
    command = [sys.executable, "-m", "experiments", "work", f"plan={path}", f"chunks={','.join(map(str, chunks))}"]
    command += [f"time_limit={time_limit:g}"] if time_limit else []
    done = subprocess.run(command, cwd=folder, env=os.environ | {"PYTHONPATH": search}, capture_output=True, text=True,
                          check=False)  # fmt: skip
    if done.returncode not in (0, 1):
        raise StoreError(done.stderr.strip() or f"work ended with code {done.returncode}")
    return done.stderr


__all__ = ["carry_out", "work_batch"]
