"""Imports only look down, and asking for help does not cost the seconds that Mesa and numba take to load."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

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


def test_the_floors_hold():
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([str(command), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_folder_with_code_is_a_package():
    """A folder without __init__.py is in no wheel and is not seen by import-linter."""
    folders = {parent for path in python_files(*WINGS, "configs") for parent in path.parents if parent != Path()}
    assert not [str(folder) for folder in folders if not (ROOT / folder / "__init__.py").is_file()]
