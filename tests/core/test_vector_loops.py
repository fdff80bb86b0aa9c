"""The dense loops over firms run on vectors: a branch or a column too many in one of them slows it down in silence.

The compiler is asked for a processor with vectors of four doubles, whatever this one has, and its output is read;
nothing is timed, and what is compiled for that processor is not run.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys

import pytest

from sim.core.kernels import NOJIT

LOOPS = {  # kernel -> loops on vectors in it
    "sim.core.arithmetic.exp_of": 1,
    "sim.core.arithmetic.log_of": 1,
    "sim.core.arithmetic.power_of": 1,
    "sim.mechanisms.earn_profit.earn": 3,
    "sim.mechanisms.earn_profit.move_cash": 3,
    "sim.mechanisms.follow_revenue.tie": 2,
    "sim.mechanisms.grow_firms.grow": 6,
    "sim.mechanisms.price_talent.staff": 1,
    "sim.mechanisms.weigh_certificate.weigh": 2,
    "sim.mechanisms.weigh_depreciation.weigh": 3,
}
PROGRAM = """
import re, sys, typing
from importlib import import_module
import numba
from numba import njit, types

def element(hint):
    found = typing.get_args(hint)  # the type itself where NDArray is an alias with a parameter (newer numpy)
    return found[0] if len(found) == 1 else typing.get_args(found[1])[0]

def count(function):
    hints = [hint for name, hint in typing.get_type_hints(function).items() if name != "return"]
    plain = {float: types.float64, int: types.int64}
    given = tuple(plain[h] if h in plain else numba.from_dtype(element(h))[::1] for h in hints)
    fresh = njit(error_model="numpy", nogil=True, boundscheck=False)(function)
    fresh.compile(given)
    code = fresh.inspect_llvm(given)
    assert "x double>" not in code or "<4 x double>" in code, "other vectors than those asked for"
    return len(re.findall(r"^vector[.]body[^:]*:", code, re.MULTILINE))

for name in sys.argv[1:]:
    module, _, kernel = name.rpartition(".")
    print(name, count(getattr(import_module(module), kernel).py_func))
"""
BITS = """
import numpy as np
from sim.core.arithmetic import exp_of, log_of, power_of
x = np.exp(np.random.default_rng(3).normal(0.0, 40.0, 5000))
print((exp_of(np.log(x)).tobytes() + log_of(x).tobytes() + power_of(x, -0.37).tobytes()).hex())
"""
pytestmark = [
    pytest.mark.skipif(NOJIT, reason="there is no compiler to ask"),
    pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="only known for x86-64 processors"),
]


def run(program, folder, cache, cpu, *words):
    """What the program prints when kernels are compiled for the processor, in a cache of its own."""
    target = {"NUMBA_CPU_NAME": cpu, "NUMBA_CPU_FEATURES": "", "NUMBA_CACHE_DIR": str(cache)} if cpu else {}
    found = subprocess.run(
        [sys.executable, "-c", program, *words], cwd=folder, env=os.environ | target, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert not found.returncode, found.stderr
    return found.stdout


def test_dense_loops_run_on_vectors(project_folder, tmp_path):
    lines = run(PROGRAM, project_folder, tmp_path, "x86-64-v3", *LOOPS).splitlines()
    assert {name: int(number) for name, number in map(str.split, lines)} == LOOPS


def test_vectors_of_another_length_give_the_same_bits(project_folder, tmp_path):
    assert run(BITS, project_folder, tmp_path, "x86-64") == run(BITS, project_folder, tmp_path, "")
