"""The wheel: what is installed holds the code, the catalogue and the configs, and nothing else."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, project_files

SHIPPED = ("sim", "experiments", "configs")
NEEDED = ("pyproject.toml", "README.md", "LICENSE")


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Names in a wheel built from a copy of the project."""
    copy = tmp_path_factory.mktemp("project")
    for path in project_files():
        if path.parts[0] in (*SHIPPED, "tests", "benchmarks", *NEEDED):
            (copy / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / path, copy / path)
    code = "from setuptools import build_meta; build_meta.build_wheel('dist')"
    done = subprocess.run([sys.executable, "-c", code], cwd=copy, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = (copy / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_everything_of_the_three_packages_is_in_the_wheel(names: set[str]):
    ours = {path.as_posix() for path in project_files() if path.parts[0] in SHIPPED}
    assert {name for name in ours if name.endswith(".csv")}, "the catalogue has tables"
    assert {name for name in ours if name.endswith(".yaml")}, "there are configs"
    assert ours <= names, sorted(ours - names)


def test_nothing_else_is_in_the_wheel(names: set[str]):
    tops = {Path(name).parts[0] for name in names}
    assert {top for top in tops if not top.startswith("innopolicy-")} == set(SHIPPED)


def test_the_licence_and_the_command_are_in_the_wheel(names: set[str]):
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert any(name.endswith("entry_points.txt") for name in names)
