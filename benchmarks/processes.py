"""What needs processes of its own: start, compilation and its cache, memory, workers, and the store."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.timing import history
from experiments.machines import Task
from experiments.machines.local import Pool
from experiments.plan import MODEL, Chunk, Plan, Point, Run
from experiments.store import Store
from experiments.work import do_runs
from sim.model import Outcome, run
from sim.scenario import Scenario

PROBE = """
import json, resource, sys, time, tracemalloc
from pathlib import Path
begun, spent = time.perf_counter(), time.process_time()
from dataclasses import replace
from experiments import load_scenario
from sim.model import InnovationModel
import sim.model
imported = time.perf_counter()
scenario = replace(load_scenario("history", ["end=" + sys.argv[2]]), k=int(sys.argv[1]))
composed = time.perf_counter()
model = InnovationModel(scenario)
built = time.perf_counter()
model.run()
ran, used = time.perf_counter(), time.process_time() - spent
status = Path("/proc/self/status")  # ru_maxrss would be that of the parent where the parent was larger
peak = (int(status.read_text().split("VmHWM:")[1].split()[0]) if status.is_file()
        else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) / 1024
tracemalloc.start()
InnovationModel(scenario).run()
held = tracemalloc.get_traced_memory()[1] / 2**20
found = {id(v): v for n, m in list(sys.modules.items()) if n.startswith("sim.") for v in vars(m).values()
         if hasattr(v, "py_func") and hasattr(v, "stats")}
print(json.dumps({"import": imported - begun, "compose": composed - imported, "build": built - composed,
    "run": ran - built, "all": ran - begun, "cpu": used, "held": held, "peak": peak, "kernels": len(found),
    "misses": sum(sum(f.stats.cache_misses.values()) for f in found.values()),
    "hits": sum(sum(f.stats.cache_hits.values()) for f in found.values())}))
"""


def fresh(k: int, end: str, cache: str = "") -> dict[str, Any]:
    """Import, build and first run in a new process: seconds, peak memory in MiB, compilations and cache hits."""
    where = os.environ | ({"NUMBA_CACHE_DIR": cache} if cache else {})
    command = [sys.executable, "-c", PROBE, str(k), end]
    done = subprocess.run(command, env=where, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def cold_and_warm(k: int, end: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The first process on an empty cache, and the second one on what the first left."""
    with tempfile.TemporaryDirectory() as cache:
        return fresh(k, end, cache), fresh(k, end, cache)


RUNS_A_TASK = 4


def _plan(k: int, end: str, seed: int, runs: int, function: str = MODEL) -> Plan:
    """A plan of one scenario."""
    scenario = replace(history(k, end), name="bench")
    return Plan("bench", (Point("bench", scenario, "history"),), seed, runs, function=function)


def _tasks(first: int, runs: int) -> list[Task]:
    """Replicates from `first` on in tasks of a few, with any replicate that the plan has."""
    starts = range(first, first + runs, RUNS_A_TASK)
    groups = [tuple(Run(0, r) for r in range(s, min(s + RUNS_A_TASK, first + runs))) for s in starts]
    return [Task(Chunk(i, group), group) for i, group in enumerate(groups)]


def _finish(pool: Pool, tasks: list[Task]) -> float:
    """Wall seconds until a pool has done the tasks. Raises RuntimeError when a run failed."""
    begun = time.perf_counter()
    list(pool.run(tasks))
    seconds = time.perf_counter() - begun
    if pool.failures:
        raise RuntimeError(pool.failures[0].reason)
    return seconds


def sweep(k: int, end: str, runs: int, n_workers: int) -> float:
    """Wall seconds of `runs` runs on warm workers: each worker has done one task of four runs before."""
    warm = RUNS_A_TASK * n_workers
    with tempfile.TemporaryDirectory() as folder:
        pool = Pool(_plan(k, end, 1, warm + runs), Store(Path(folder)), n_workers, None)
        try:
            _finish(pool, _tasks(0, warm))
            return _finish(pool, _tasks(warm, runs))
        finally:
            pool.close()


@dataclass(frozen=True)
class Worker:
    """One worker of a sweep.

    start : wall seconds to its first result; peak : MiB after five runs, nan where the system does not tell.
    """

    start: float
    peak: float


def worker(k: int, end: str) -> Worker:
    """Start one worker, let it do a run, then four more."""
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        pool = Pool(_plan(k, end, 1, 5), Store(Path(folder)), 1, None)
        try:
            _finish(pool, _tasks(0, 1))
            start = time.perf_counter() - begun
            _finish(pool, _tasks(1, 4))
            status = Path(f"/proc/{min(pool.pids)}/status")
            known = status.is_file()
            peak = int(status.read_text().split("VmHWM:")[1].split()[0]) / 1024 if known else float("nan")
        finally:
            pool.close()
        return Worker(start, peak)


_KNOWN: dict[int, Outcome] = {}


def known(scenario: Scenario, seed: int, replicate: int) -> Outcome:
    """A run that was done before: what a job costs with it is bookkeeping alone."""
    return _KNOWN[replicate]


def bookkeeping(k: int, end: str, repeats: int) -> tuple[float, float]:
    """Wall seconds a run that storing costs beyond the run itself (four runs a file), and of the run; medians."""
    function, ran, stored = f"{__name__}:{known.__name__}", list[float](), list[float]()
    scenario = history(k, end)
    with tempfile.TemporaryDirectory() as folder:
        for repeat in range(repeats + 1):
            plan = _plan(k, end, repeat, RUNS_A_TASK, function)  # another name for the file each time
            plan.points[0].fingerprint  # noqa: B018  (a plan is made once a study, not once a file)
            begun = time.perf_counter()
            _KNOWN.update((r, run(scenario, 7, r)) for r in range(RUNS_A_TASK))
            done = time.perf_counter()
            do_runs(plan, _tasks(0, RUNS_A_TASK)[0].runs, Store(Path(folder)), lambda _: None)
            ran.append((done - begun) / RUNS_A_TASK)
            stored.append((time.perf_counter() - done) / RUNS_A_TASK)
    return median(stored[1:]), median(ran[1:])
