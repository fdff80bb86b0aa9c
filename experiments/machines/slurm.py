"""A Slurm cluster: job arrays over batches of chunks, with no service but Slurm and a file system that all nodes see.

Each element of an array calls `innopolicy work` on one line of a list of chunks. The parent waits, looks at the store,
and submits what is missing again. Elements that run twice, or after their node was thought lost, do no harm: a sealed
run is never written twice. A parent that was killed finds its array under way and waits for it.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from experiments.machines import Progress, Settings, Task
from experiments.machines.rounds import batches, carry_on, forget_failures
from experiments.plan import Plan
from experiments.plan_files import FILE, write_plan
from experiments.store import Store, StoreError, write_file
from experiments.work import Failure

FOLDER = "slurm"  # lists of chunks, the number of the array under way, logs
COMMANDS = ("sbatch", "squeue", "scancel")
TRIES = 5  # of a question that the controller does not answer


@dataclass
class Cluster:
    """How jobs are submitted; `options` are those of configs/machine/slurm.yaml."""

    options: dict[str, object]

    def submit(self, script: str, elements: int, logs: Path) -> str:
        """Submit an array and return its number. Raises StoreError with what Slurm says."""
        o = self.options
        most = f"%{o['most_at_once']}" if o.get("most_at_once") else ""
        command = ["sbatch", "--parsable", f"--array=0-{elements - 1}{most}", "--requeue", "--open-mode=append",
                   "--job-name=innopolicy", f"--output={logs}/%A_%a.log", f"--time={o['time']}", f"--mem={o['memory']}",
                   f"--cpus-per-task={o['cpus']}", "--export=ALL"]  # fmt: skip
        command += [f"--{name}={o[name]}" for name in ("partition", "account", "qos") if o.get(name)]
        return _asked(command, script).split(";")[0].strip()

    def under_way(self, job: str) -> bool:
        """Whether any element of an array waits or runs."""
        command = ["squeue", "--noheader", "--jobs", job, "--format=%T"]
        for _ in range(TRIES):
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode == 0:
                return bool(done.stdout.strip())
            if "Invalid job id" in done.stderr:
                return False
            time.sleep(float(str(self.options["poll_seconds"])))
        raise StoreError(f"squeue: {_one_line(done.stderr) or 'no answer'}; finished runs are kept")


def _asked(command: list[str], script: str) -> str:
    done = subprocess.run(command, input=script, capture_output=True, text=True, check=False)
    if done.returncode:
        raise StoreError(f"{command[0]}: {_one_line(done.stderr) or f'exit code {done.returncode}'}")
    return done.stdout


def _one_line(stderr: str) -> str:
    return "; ".join(line.strip() for line in stderr.splitlines() if line.strip())


def carry_out(
    plan: Plan, tasks: list[Task], store: Store, settings: Settings, progress: Progress, prepare: Callable[[], object]
) -> list[Failure]:
    """Work the tasks as job arrays. KeyboardInterrupt cancels what is under way; sealed runs are kept."""
    absent = [name for name in COMMANDS if shutil.which(name) is None]
    if absent:
        raise StoreError(f"machine = slurm: {', '.join(absent)} is not on this computer's PATH")
    options = dict(settings.options)
    if settings.workers:
        options["most_at_once"] = settings.workers
    cluster, folder = Cluster(options), (store.folder / FOLDER).resolve()
    (folder / "log").mkdir(parents=True, exist_ok=True)
    write_plan(store, plan)
    forget_failures(store)
    prepare()
    _wait_for_earlier(cluster, folder)

    def hand_out(left: list[Task], look: Callable[[], None]) -> None:
        lines = batches(plan, left, float(str(options["minutes_a_task"])), int(str(options["array_limit"])))
        chunks = folder / "chunks.txt"
        write_file(chunks, "".join(f"{','.join(map(str, line))}\n" for line in lines))
        job = cluster.submit(script_of(store, chunks, settings), len(lines), folder / "log")
        write_file(folder / "job", f"{job}\n")
        try:
            _wait(cluster, job, look)
        except BaseException:
            subprocess.run(["scancel", job], capture_output=True, check=False)
            raise
        (folder / "job").unlink(missing_ok=True)

    return carry_on(plan, store, progress, hand_out, int(str(options["rounds"])), folder / "log")


def script_of(store: Store, chunks: Path, settings: Settings) -> str:
    """The batch script of an element: one thread a process, the same program and folder as the parent's."""
    limit = [f"time_limit={settings.time_limit:g}"] if settings.time_limit else []
    plan = (store.folder / FILE).resolve()
    command = [sys.executable, "-m", "experiments", "work", f"plan={plan}", f"list={chunks}", *limit,
               f"workers={settings.options['cpus']}"]  # fmt: skip
    threads = [f"export {name}=1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")]
    path = f"export PYTHONPATH={shlex.quote(os.pathsep.join(p for p in sys.path if p))}"
    return "\n".join(["#!/bin/sh", *threads, path, f"cd {shlex.quote(str(Path.cwd()))} || exit 1",
                      f"exec {shlex.join(command)} element=$SLURM_ARRAY_TASK_ID", ""])  # fmt: skip


def _wait(cluster: Cluster, job: str, look: Callable[[], None]) -> None:
    """Until no element waits or runs."""
    while cluster.under_way(job):
        look()
        time.sleep(float(str(cluster.options["poll_seconds"])))


def _wait_for_earlier(cluster: Cluster, folder: Path) -> None:
    """An array of a parent that was killed goes on: let it end before anything is handed out again."""
    with contextlib.suppress(FileNotFoundError):
        job = (folder / "job").read_text(encoding="utf-8").strip()
        if job.isdecimal() and cluster.under_way(job):
            print(f"waiting for array {job} of an earlier command", file=sys.stderr, flush=True)
            _wait(cluster, job, lambda: None)
        (folder / "job").unlink()
