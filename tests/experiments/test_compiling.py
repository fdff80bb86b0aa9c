"""Compilation is said once, when there is some, and the first process leaves nothing to compile to the others."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from experiments import compiling
from experiments.compiling import SAID, announced, prepare
from sim.core.kernels import NOJIT
from tests.behaviour.runs import PROJECT, scenario

needs_compiler = pytest.mark.skipif(NOJIT, reason="there is no compiler")
SCENARIOS = ("history", "all_plans", "plan_e_changzhi", "no_policy")


def compiled() -> set[tuple[str, str]]:
    """Kernels of the model with the types for which this process has them."""
    modules = [module for name, module in list(sys.modules.items()) if name.startswith("sim.")]
    held = [value for module in modules for value in vars(module).values() if hasattr(value, "signatures")]
    return {(kernel.__module__ + "." + kernel.__name__, str(types)) for kernel in held for types in kernel.signatures}


@needs_compiler
def test_it_is_said_once_however_many_kernels_there_are(capsys):
    from numba import njit

    with announced():
        njit(lambda x: x + 1)(1)
        njit(lambda x: x + 2)(1)
    told = capsys.readouterr().err.splitlines()
    assert told[0] == SAID
    assert told[1].startswith("kernels ready after ")
    assert len(told) == 2


@needs_compiler
def test_nothing_is_said_when_nothing_is_compiled(capsys):
    from numba import njit

    add = njit(lambda x: x + 1)
    add(1)
    with announced():
        add(2)
    assert capsys.readouterr().err == ""


@needs_compiler
def test_after_preparing_no_scenario_has_anything_left_to_compile():
    """A worker that compiles does so in silence, beside every other worker."""
    from sim.model import InnovationModel

    prepare()
    prepared = compiled()
    assert len(prepared) > 50
    for name in SCENARIOS:
        InnovationModel(scenario(name, "population.k=40")).run()
        left = compiled() - prepared
        assert not left, f"{name} calls what {prepare.__module__} does not reach: {sorted(k for k, _ in left)}"


@needs_compiler
def test_what_was_prepared_is_not_prepared_again_until_something_changed(tmp_path, monkeypatch):
    package, kept = tmp_path / "sim", tmp_path / "kept"
    for folder in (package / "__pycache__", kept):
        folder.mkdir(parents=True)
    rule, compiled_rule = package / "rule.py", kept / "rule.nbc"
    rule.write_text("1")
    compiled_rule.write_text("1")
    monkeypatch.setattr(compiling, "PACKAGE", package)
    monkeypatch.setattr("numba.config.CACHE_DIR", str(kept))
    assert not compiling.is_prepared()
    compiling.note_prepared()
    assert compiling.is_prepared()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("multiprocessing.get_context", None)
        compiling.prepare_apart()  # would fail where it starts a process
    monkeypatch.setenv("NUMBA_CPU_NAME", "generic")
    assert not compiling.is_prepared()
    monkeypatch.delenv("NUMBA_CPU_NAME")
    compiled_rule.unlink()
    assert not compiling.is_prepared()
    compiled_rule.write_text("1")
    rule.write_text("12")
    assert not compiling.is_prepared()
    compiling.note().write_text("[]")
    assert not compiling.is_prepared()


PROBE = """
import os
{before}
import numpy as np
from experiments.compiling import announced
from sim.core.arithmetic import exp_of
with announced():
    exp_of(np.ones(3))
print("read" if exp_of.stats.cache_hits else "compiled", exp_of.stats.cache_path)
"""


def probed(before: str, **environment: str) -> tuple[str, str]:
    """What a new process with these folders for its cache prints and says."""
    where = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    code = PROBE.format(before=before)
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, env=where | environment, capture_output=True,
                          text=True, check=True)  # fmt: skip
    return done.stdout, done.stderr


@needs_compiler
@pytest.mark.parametrize("place", ["chosen", "read-only"])
def test_one_process_compiles_and_says_so_and_the_next_reads(place, tmp_path):
    """Where the package is read-only, kernels are written to the user's cache and read from it."""
    if place == "chosen":
        before, where = "", {"NUMBA_CACHE_DIR": str(tmp_path)}
    else:
        before, where = "os.access = lambda path, mode: False", {"XDG_CACHE_HOME": str(tmp_path)}
    (first, told), (second, silent) = probed(before, **where), probed(before, **where)
    assert first.startswith("compiled")
    assert SAID in told
    assert second.startswith(f"read {tmp_path}")
    assert silent == ""
    assert list(tmp_path.rglob("*.nbc"))
