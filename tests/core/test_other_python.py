"""The Mesa layer on the other supported Mesa: the same tests under Python 3.12 or later with Mesa 3.5.

The interpreter is that of INNOPOLICY_OTHER_PYTHON, or of the environment .venv312 in the project's folder. Without
either the test is skipped and says so: then only the Mesa of this environment has been tested.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

VARIABLE = "INNOPOLICY_OTHER_PYTHON"
FOLDER = Path(__file__).resolve().parents[2]
NAMES = ("columns", "column_agents", "row_sets", "agent_sets", "all_agents", "column_model")
TESTS = [f"tests/core/test_{name}.py" for name in NAMES]
ASK = (
    "import sys, importlib.metadata as m, numpy, networkx, pandas, pytest, mesa;"
    "print(*sys.version_info[:2], *m.version('mesa').split('.')[:2])"
)


def other_python() -> str:
    """The interpreter to use; skips when there is none. One that is named but does not fit is a failure."""
    named = os.environ.get(VARIABLE, "")
    path = named or str(FOLDER / ".venv312" / "bin" / "python")
    if not named and not Path(path).exists():
        pytest.skip(f"not tested with Mesa 3.5: no .venv312 and {VARIABLE} is not set")
    asked = subprocess.run([path, "-c", ASK], capture_output=True, text=True, check=False)
    if asked.returncode:
        pytest.fail(f"{path} lacks something that the tests need: {asked.stderr.strip().splitlines()[-1]}")
    python, mesa = tuple(map(int, asked.stdout.split()[:2])), tuple(map(int, asked.stdout.split()[2:4]))
    if python < (3, 12) or mesa != (3, 5):
        pytest.fail(f"{path} has Python {python} and Mesa {mesa}; Python 3.12 or later with Mesa 3.5 is meant")
    return path


def test_the_mesa_layer_on_the_other_mesa():
    command = [other_python(), "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", "--noconftest"]
    command += [
        "-c",
        os.devnull,
        "--rootdir",
        str(FOLDER),
        "--import-mode=importlib",
        "-o",
        "pythonpath=" + str(FOLDER),
    ]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    for name in [name for name in environment if name.startswith("PYTEST_")]:
        del environment[name]  # of the pytest that runs this test
    done = subprocess.run(command + TESTS, cwd=FOLDER, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert " passed" in done.stdout
    assert "skipped" not in done.stdout, done.stdout[-500:]
