"""What needs processes of its own: start, compilation and its cache, memory, workers, and the store."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.timing import history
from experiments.runner import Job, Pool, Report, do, jobs_of
from experiments.store import Store
from sim.model import run

PROBE = """
import json, resource, sys, time, tracemalloc
from pathlib import Path
begun = time.perf_counter()
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
ran = time.perf_counter()
status = Path("/proc/self/status")  # ru_maxrss would be that of the parent where the parent was larger
peak = (int(status.read_text().split("VmHWM:")[1].split()[0]) if status.is_file()
        else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) / 1024
tracemalloc.start()
InnovationModel(scenario).run()
held = tracemalloc.get_traced_memory()[1] / 2**20
found = {id(v): v for n, m in list(sys.modules.items()) if n.startswith("sim.") for v in vars(m).values()
         if hasattr(v, "py_func") and hasattr(v, "stats")}
print(json.dumps({"import": imported - begun, "compose": composed - imported, "build": built - composed,
    "run": ran - built, "all": ran - begun, "held": held, "peak": peak, "kernels": len(found),
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


def sweep(k: int, end: str, runs: int, n_workers: int) -> float:
    """Wall seconds of `runs` runs on warm workers: each worker has done one job of four runs before."""
    with tempfile.TemporaryDirectory() as folder:
        pool = Pool(n_workers, Path(folder))
        try:
            report = Report()
            list(pool.run(jobs_of([history(k, end)], 99, 4 * n_workers), report))
            begun = time.perf_counter()
            list(pool.run(jobs_of([history(k, end)], 1, runs), report))
            seconds = time.perf_counter() - begun
        finally:
            pool.close()
        if report.failures:
            raise RuntimeError(report.failures[0].reason)
        return seconds


def bookkeeping(k: int, end: str) -> float:
    """Seconds a run that storing costs beyond the run itself, as a share of the run; four runs a file."""
    scenario = history(k, end)
    job = Job(replace(scenario, name="bench"), 7, (0, 1, 2, 3))
    with tempfile.TemporaryDirectory() as folder:
        times: list[float] = []
        for _ in range(3):
            begun = time.perf_counter()
            for replicate in job.replicates:
                run(job.scenario, job.seed, replicate)
            ran = time.perf_counter()
            do(replace(job, seed=job.seed + len(times)), Store(Path(folder)))
            times.append((time.perf_counter() - ran) / (ran - begun) - 1.0)
    return sorted(times)[1]
