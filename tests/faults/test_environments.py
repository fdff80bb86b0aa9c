"""The same sealed bytes in every environment: processes, hash seeds, locales, time zones, threads, processors, folders.

A small study of the real model goes through the command line. The short form puts many environments into a few
commands, the long form (`make test-faults`) tries each by itself too.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

LONG = os.environ.get("FAULTS") == "long"
STUDY = ["sweep", "study=small", "scenario=history", "lever.rd_grant.budget_y=0,200", "population.k=100", "end=2011Q4",
         "replicates=2", "record=full"]  # fmt: skip
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")
PLAIN = {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C.UTF-8"} | dict.fromkeys(THREADS, "1")
DEEP = "a folder/研究 ünï/" + "x" * 100 + "/" + "y" * 80
DRIVER = """
import os, sys
from dataclasses import replace
import multiprocessing
from experiments.__main__ import main
from experiments.machines import local, rounds
import experiments.machines as machines

method, order, arguments = sys.argv[1], sys.argv[2], sys.argv[3:]
if method:
    get = multiprocessing.get_context
    local.multiprocessing.get_context = lambda asked=None: get(method)
if order:
    missing = machines.missing
    machines.missing = lambda plan, index: missing(plan, index)[::-1]
if __name__ == "__main__":
    sys.exit(main(arguments))
"""


@dataclass(frozen=True)
class Environment:
    """Where a study is run. `changes` with None unset a variable; `folder` lies below the test's own."""

    changes: dict[str, str | None] = field(default_factory=dict)
    workers: int = 1
    folder: str = "here"
    method: str = ""
    umask: int = 0o022
    is_turned: bool = False
    home: str = ""  # "none", "read only" or as it is


FEW = {
    "another of each": Environment(
        {"PYTHONHASHSEED": "random", "TZ": "Asia/Kathmandu", "LC_ALL": "tr_TR.UTF-8",
        "NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3"}
        | dict.fromkeys(THREADS, "2"), 2, DEEP, umask=0o077, is_turned=True, home="read only"),
    "forked": Environment({"PYTHONHASHSEED": "1", "LC_ALL": "C", "HOME": None, "TZ": "America/New_York"}, 2, "b c",
    "fork"),
}  # fmt: skip
ALL = {
    **{f"hash seed {seed}": Environment({"PYTHONHASHSEED": seed}) for seed in ("0", "1", "random")},
    **{f"locale {name}": Environment({"LC_ALL": name, "LANG": name}) for name in ("tr_TR.UTF-8", "de_DE.UTF-8", "C",
        "POSIX")},
    **{f"time zone {zone}": Environment({"TZ": zone}) for zone in ("UTC", "Asia/Kathmandu", "America/New_York",
        "nowhere")},
    **{f"threads {n}": Environment(dict.fromkeys(THREADS, n)) for n in ("1", "2", "8")},
    **{f"workers {n}": Environment(workers=n) for n in (1, 2, 3)},
    **{f"without {names}": Environment({"NPY_DISABLE_CPU_FEATURES": names})
       for names in ("AVX2", "AVX2 FMA3", "AVX512F AVX512CD AVX512_SKX AVX2 FMA3 F16C AVX")},
    **{f"started by {name}": Environment(workers=2, method=name) for name in ("spawn", "fork", "forkserver")},
    "no home": Environment({"HOME": None}, home="none"), "read-only home": Environment(home="read only"),
    "spaces and letters": Environment(folder="a b/研究 ünï"), "a long path": Environment(folder=DEEP),
    "umask 077": Environment(umask=0o077),
    "turned round": Environment(workers=2, is_turned=True), "no display": Environment({"DISPLAY": None,
    "MPLBACKEND": None}),
    "latin 1": Environment({"PYTHONUTF8": "0", "PYTHONIOENCODING": "latin-1", "LC_ALL": "C"}),
    "optimised": Environment({"PYTHONOPTIMIZE": "1"}), "no bytecode": Environment({"PYTHONDONTWRITEBYTECODE": "1"}),
}  # fmt: skip


def sealed(tmp_path: Path, project: Path, environment: Environment) -> dict[str, str]:
    """Run the study there and return every sealed file with the digest of its bytes."""
    folder, home = tmp_path / environment.folder, tmp_path / "home"
    folder.mkdir(parents=True)
    home.mkdir(exist_ok=True)
    changes = dict(environment.changes) | ({"HOME": str(home)} if environment.home == "read only" else {})
    surroundings = {**os.environ, "PYTHONPATH": str(project)}
    for name, value in changes.items():
        surroundings.pop(name, None)
        surroundings |= {name: value} if value is not None else {}
    if environment.home == "read only":
        home.chmod(0o500)
    script = folder / "start.py"
    script.write_text(DRIVER, encoding="utf-8")
    turned = "turned" if environment.is_turned else ""
    done = subprocess.run(
        [sys.executable, str(script), environment.method, turned, *STUDY, f"workers={environment.workers}"], cwd=folder,
        env=surroundings, capture_output=True, check=False, umask=environment.umask,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    runs = folder / "results" / "small" / "runs"
    return {
        str(path.relative_to(runs)): hashlib.sha256(path.read_bytes()).hexdigest() for path in runs.rglob("*.parquet")
    }


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory, project_folder: Path) -> dict[str, str]:
    """What the study is here, as it is."""
    found = sealed(tmp_path_factory.mktemp("usual"), project_folder, Environment(PLAIN))
    assert found
    return found


@pytest.mark.parametrize("name", FEW)
def test_few_commands_in_many_environments_give_the_same_bytes(
    name: str, tmp_path: Path, project_folder: Path, usual: dict[str, str]
):
    assert sealed(tmp_path, project_folder, FEW[name]) == usual


@pytest.mark.skipif(not LONG, reason="the long form, make test-faults")
@pytest.mark.parametrize("name", ALL)
def test_each_environment_by_itself_gives_the_same_bytes(
    name: str, tmp_path: Path, project_folder: Path, usual: dict[str, str]
):
    assert sealed(tmp_path, project_folder, ALL[name]) == usual
