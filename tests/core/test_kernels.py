"""Kernels: bits go round, and plain Python gives the same bits as the compiler."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from sim.core.arithmetic import exp_of, log_of, normal_of
from sim.core.fixed_point import fixed_sum
from sim.core.kernels import NOJIT, bits_float, cache_folder, float_bits, kernel
from sim.core.streams import philox

PROGRAM = """
import numpy as np
from sim.core.arithmetic import exp_of, log_of, normal_of
from sim.core.fixed_point import fixed_sum
from sim.core.streams import philox
x = np.linspace(0.001, 0.999, 301)
out = np.empty((4, 50))
philox(np.arange(50) * 1000003, 7, 3, 2**31 + 5, 9, *out)
print((exp_of(x).tobytes() + log_of(x).tobytes() + normal_of(x).tobytes() + out.tobytes()).hex(),
      fixed_sum(x, np.ones(301, np.uint8)))
"""


@kernel
def bits_and_back(values, bits, back):
    """Bits of each value, and the value of the bits."""
    for j in range(values.size):
        bits[j] = float_bits(values[j])
        back[j] = bits_float(bits[j])


def test_bits_go_round():
    values = np.array([0.0, -0.0, 1.0, -1.5, 1e-300, np.pi, np.inf])
    bits, back = np.empty(7, np.int64), np.empty(7)
    bits_and_back(values, bits, back)
    assert bits.tolist() == values.view(np.int64).tolist()
    assert back.tobytes() == values.tobytes()


@pytest.mark.skipif(NOJIT, reason="there is no compiler to compare with")
def test_plain_python_gives_the_same_bits_as_the_compiler(project_folder):
    found = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=project_folder, env=os.environ | {"SIM_NOJIT": "1"}, capture_output=True,
        text=True, check=True,
    )  # fmt: skip
    x = np.linspace(0.001, 0.999, 301)
    out = np.empty((4, 50))
    philox(np.arange(50) * 1000003, 7, 3, 2**31 + 5, 9, *out)
    here = (exp_of(x).tobytes() + log_of(x).tobytes() + normal_of(x).tobytes() + out.tobytes()).hex()
    assert found.stdout.split() == [here, str(fixed_sum(x, np.ones(301, np.uint8)))]


def test_a_change_of_inlined_arithmetic_starts_an_empty_cache(tmp_path):
    """The compiler's own cache looks at a kernel's file alone: a stale kernel would give wrong numbers in silence."""
    for name in ("core", "agents", "mechanisms"):
        (tmp_path / name).mkdir()
    inlined, kernel_file = tmp_path / "core" / "arithmetic.py", tmp_path / "mechanisms" / "grow.py"
    mark = "from sim.core.kernels import inline\n"
    inlined.write_text(mark + "one")
    kernel_file.write_text("one")
    before = cache_folder(tmp_path)
    kernel_file.write_text("two")
    assert cache_folder(tmp_path) == before, "the compiler sees to this itself"
    (tmp_path / "agents" / "words.py").write_text("no arithmetic here")
    assert cache_folder(tmp_path) == before, "only files with inlined functions count"
    inlined.write_text(mark + "two")
    assert cache_folder(tmp_path) != before
    assert before.parent == tmp_path / "__pycache__"


def test_where_the_package_is_read_only_the_cache_is_the_users(tmp_path, monkeypatch):
    monkeypatch.setattr("os.access", lambda path, mode: False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert cache_folder(tmp_path).parent == tmp_path / "cache" / "innopolicy"
