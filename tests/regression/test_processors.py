"""The same bytes on any processor and with any number of threads: SSE2, AVX2, AVX-512, what numpy and glibc choose.

The ordinary tests compile the arithmetic that all steps share for the plainest processor. All kernels on three
processors take two minutes: `make test-cpu`, which .ci/run does too.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from functools import cache

import pytest
from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

from tests.behaviour.runs import PROJECT

EVERY = "INNOPOLICY_EVERY_PROCESSOR"
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMBA")} | {"PYTHONHASHSEED": "0"}
TWO_THREADS = dict.fromkeys(ONE_THREAD, "2") | {"PYTHONHASHSEED": "4242"}
# what numpy has beyond its baseline, and the vector forms of exp, log and pow in the system's mathematics library
PLAIN_NUMPY = {"NPY_DISABLE_CPU_FEATURES": " ".join(f for f in __cpu_dispatch__ if __cpu_features__[f])}
PLAIN_LIBRARY = {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2_Usable,-FMA_Usable,-FMA4_Usable,-AVX2,-FMA,-FMA4,-AVX512F"}
PLAIN = PLAIN_NUMPY | PLAIN_LIBRARY
IS_X86 = platform.machine().lower() in ("x86_64", "amd64")
PROCESSORS = {
    "plain": {"NUMBA_CPU_NAME": "x86-64" if IS_X86 else "generic", "NUMBA_CPU_FEATURES": ""},
    "avx2": {"NUMBA_CPU_NAME": "haswell", "NUMBA_CPU_FEATURES": "+avx,+avx2,+fma,+bmi,+bmi2"},
}


def found(form: str, environment: dict[str, str]) -> dict[str, str]:
    """Digests of a run in a process with this environment."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.regression.processor_run", form], cwd=PROJECT,
        env=os.environ | environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    answer: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return answer


@cache
def here(form: str) -> dict[str, str]:
    """The same on this processor as it is, with one thread."""
    return found(form, ONE_THREAD)


def unequal(form: str, environment: dict[str, str]) -> list[str]:
    """Names of what differs from the run on this processor."""
    ours, theirs = here(form), found(form, environment)
    assert ours.keys() == theirs.keys()
    assert len(ours) > 100
    return [name for name in ours if ours[name] != theirs[name]]


def test_numpy_library_threads_and_hash_seed_change_no_bit():
    assert unequal("whole", TWO_THREADS | PLAIN) == []


def test_arithmetic_for_a_plain_processor_gives_the_same_bits(tmp_path):
    level = PROCESSORS["plain"] | {"NUMBA_CACHE_DIR": str(tmp_path)}
    assert unequal("arithmetic", TWO_THREADS | PLAIN | level) == []


@pytest.mark.skipif(not os.environ.get(EVERY), reason="all kernels on each processor: make test-cpu")
@pytest.mark.parametrize("processor", PROCESSORS if IS_X86 else ["plain"])
def test_the_whole_model_gives_the_same_bits(processor, tmp_path):
    level = PROCESSORS[processor] | {"NUMBA_CACHE_DIR": str(tmp_path)}
    assert unequal("whole", (TWO_THREADS | PLAIN if processor == "plain" else ONE_THREAD) | level) == []


@pytest.mark.skipif(not PLAIN_NUMPY["NPY_DISABLE_CPU_FEATURES"], reason="numpy has nothing to choose from here")
def test_the_environment_does_reach_numpy():
    """Vacuity guard: a name that numpy does not know is passed over with a warning."""
    code = "from numpy._core._multiarray_umath import __cpu_features__ as f; print(*(n for n in f if f[n]))"
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, env=os.environ | PLAIN, capture_output=True,
                          text=True, check=True)  # fmt: skip
    assert not set(done.stdout.split()) & set(__cpu_dispatch__)
