"""Instructions that a quarter of the model takes, counted by valgrind: a number that does not depend on the load.

Kernels are compiled for a plain processor into a cache of their own, first outside valgrind, which knows no AVX-512.
Then one process imports, builds and simulates two years, and forks: the child goes on for two years more. The
difference of the two counts is that of eight quarters. Loops over rows are short at this scale, so the number tells
of calls, allocations and Python, where slow decay begins; the yardstick's ratio tells of the loops.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

QUARTERS = 8
MOST_SECONDS = 600
PROGRAM = f"""
import os, sys
from dataclasses import replace
from experiments import load_scenario
from sim.model import InnovationModel
model = InnovationModel(replace(load_scenario("history", ["end=2014Q4"]), k=int(sys.argv[1])))
for _ in range({QUARTERS}):
    model.step()
if sys.argv[2] == "count" and os.fork():
    os.wait()
    os._exit(0)
for _ in range({QUARTERS}):
    model.step()
os._exit(0)
"""
COUNTED = re.compile(r"^summary: (\d+)", re.MULTILINE)


def is_available() -> bool:
    """Whether instructions can be counted here."""
    return shutil.which("valgrind") is not None and hasattr(os, "fork")


def a_quarter(k: int) -> float:
    """Instructions a quarter of history at a scale. Raises RuntimeError when valgrind does not get through."""
    with tempfile.TemporaryDirectory() as folder:
        plain = {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": "", "NUMBA_CACHE_DIR": folder,
                 "PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # fmt: skip
        program = [sys.executable, "-c", PROGRAM, str(k)]
        count = ["valgrind", "--tool=cachegrind", "--cache-sim=no", f"--cachegrind-out-file={folder}/counted.%p"]
        for command in ([*program, "fill"], [*count, *program, "count"]):
            try:
                subprocess.run(command, env=os.environ | plain, capture_output=True, check=True, timeout=MOST_SECONDS)
            except (subprocess.SubprocessError, OSError) as failed:
                raise RuntimeError(f"not counted: {failed!s:.100}") from failed
        found = sorted(int(COUNTED.findall(p.read_text())[0]) for p in Path(folder).glob("counted.*"))
    if len(found) != 2:
        raise RuntimeError(f"not counted: {len(found)} processes were seen")
    return (found[1] - found[0]) / QUARTERS
