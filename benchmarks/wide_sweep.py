"""`python -m benchmarks.wide_sweep [RUNS]` carries out a sweep of 10,000 runs as a user does; prints what it took.

One to two minutes a thousand runs: the figures are copied by hand into the long forms of benchmarks/results.md.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.timing import history
from sim.model import run

RUNS, POINTS, VOUCHERS, SAMPLE, K = 10_000, 1_000, 25, 1_000, 8
PAUSE = 0.2  # seconds between two looks at the parent's memory


@dataclass(frozen=True)
class Took:
    """One command: seconds on the clock, most memory of the parent in MiB, what it said last."""

    seconds: float
    first: float
    most: float
    said: str


def sweep(results: Path, points: int, replicates: int, workers: int) -> Took:
    """Carry out a grid of budgets by the command line. Raises RuntimeError if it fails."""
    grants = ",".join(str(value) for value in range(points // VOUCHERS))
    vouchers = ",".join(str(value) for value in range(VOUCHERS))
    command = [
        sys.executable, "-m", "experiments", "sweep", f"lever.rd_grant.budget_y={grants}",
        f"lever.innovation_voucher.budget_y={vouchers}", f"population.k={K}",
        f"replicates={replicates}", "record=yearly", f"workers={workers}", f"results={results}",
    ]  # fmt: skip
    begun, sizes = time.perf_counter(), [0.0]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    while process.poll() is None:
        status = Path(f"/proc/{process.pid}/status").read_text()
        if "VmRSS:" in status:
            sizes.append(int(status.split("VmRSS:")[1].split()[0]) / 1024)
        time.sleep(PAUSE)
    said = process.communicate()[0].strip()
    if process.returncode:
        raise RuntimeError(f"the sweep ended with {process.returncode}: {said}")
    return Took(time.perf_counter() - begun, sizes[min(len(sizes) - 1, 5)], max(sizes), said)


def bare(runs: int) -> float:
    """Seconds on the clock of so many runs in this process, nothing kept."""
    scenario = history(K, "2021Q4")
    run(scenario, 1, 0)
    begun = time.perf_counter()
    for replicate in range(runs):
        run(scenario, 1, replicate)
    return (time.perf_counter() - begun) / runs


def main(runs: int = RUNS) -> int:
    """Measure and print. Where other work shares the machine the figures say little."""
    print(f"load {os.getloadavg()[0]:.1f} at the start")
    alone = bare(SAMPLE // 5)
    with tempfile.TemporaryDirectory() as folder:
        one = sweep(Path(folder) / "one", POINTS, SAMPLE // POINTS, 1)
        two = sweep(Path(folder) / "two", POINTS, SAMPLE // POINTS, 2)
        whole = sweep(Path(folder) / "whole", POINTS, runs // POINTS, 2)
        again = sweep(Path(folder) / "whole", POINTS, runs // POINTS, 2)
    marginal = (whole.seconds - two.seconds) / (runs - SAMPLE) * 2
    print(f"bare run {alone * 1e3:.1f} ms; {SAMPLE} runs: one worker {one.seconds:.1f} s, two {two.seconds:.1f} s")
    print(f"{runs} runs with two workers: {whole.seconds:.1f} s, {marginal * 1e3:.1f} ms of a worker a run")
    print(f"parent: {whole.first:.0f} MiB after a second, at most {whole.most:.0f} MiB; {whole.said}")
    print(f"again: {again.seconds:.1f} s; {again.said}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:2])))
