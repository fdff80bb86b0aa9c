"""Imports only look down, and asking for help does not cost the seconds that Mesa and numba take to load."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, WINGS, python_files

HEAVY = ("mesa", "numba", "llvmlite", "pandas", "matplotlib", "scipy", "pyarrow", "hydra", "networkx")


def python(code: str) -> subprocess.CompletedProcess[str]:
    """Run a line of Python from the root in a process of its own."""
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)


def loaded(statement: str) -> set[str]:
    """The heavy libraries that a statement brings in."""
    done = python(f"import sys; {statement}; print(*[name for name in {HEAVY} if name in sys.modules])")
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_the_package_and_the_command_line_load_nothing_heavy():
    assert loaded("import sim") == set()
    assert loaded("import experiments") == set()
    assert loaded("import experiments.__main__") == set()


def test_the_look_at_loaded_modules_sees_a_heavy_one():
    assert loaded("import networkx") == {"networkx"}


def test_the_catalogue_is_read_without_mesa_and_pandas():
    assert not loaded("from sim.catalogue.loader import catalogue; catalogue()") & {"mesa", "numba", "pandas"}


def test_the_model_runs_without_figures_and_hydra():
    assert not loaded("import sim.model") & {"matplotlib", "hydra"}


@pytest.mark.parametrize("folder", ["sim", "experiments"])
def test_pandas_and_figures_are_loaded_where_they_are_used_and_not_at_the_start(folder: str):
    """Mesa loads pandas today; no worker shall do so for our sake."""
    drawing = (ROOT / "experiments" / "figures", ROOT / "experiments" / "report.py")
    early = []
    for path in python_files(folder):
        if any((ROOT / path).is_relative_to(place) for place in drawing):
            continue
        for node in ast.parse((ROOT / path).read_text(encoding="utf-8")).body:
            named = [alias.name for alias in getattr(node, "names", [])] if isinstance(node, ast.Import) else []
            named += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            early += [f"{path}: {name}" for name in named if name.split(".")[0] in ("pandas", "matplotlib")]
    assert early == []


def test_the_floors_hold():
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([str(command), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_folder_with_code_is_a_package():
    """A folder without __init__.py is in no wheel and is not seen by import-linter."""
    folders = {parent for path in python_files(*WINGS, "configs") for parent in path.parents if parent != Path()}
    assert not [str(folder) for folder in folders if not (ROOT / folder / "__init__.py").is_file()]
