"""Small studies for clusters, started as commands of their own, and what lies in their folders."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

from experiments.plan_files import OTHER_MODELS

ROOT = Path(__file__).resolve().parents[2]
DRIVER = """
import sys
from experiments.sweep import run_sweep, sweep_of
sys.exit(run_sweep(sweep_of(sys.argv[2:], sys.argv[1])))
"""
MODEL, FAKE = "sim.model:run", "tests.experiments.fake_model:run_slowly"
GRID = ["lever.rd_grant.budget_y=0,100,200,300", "population.k=40", "end=2012Q4", "study=grid"]


def machine_file(folder: Path, name: str, kind: str, **options: object) -> None:
    """The shipped settings of a machine with some changed, as a file of the caller's own."""
    lines = (ROOT / "configs" / "machine" / f"{kind}.yaml").read_text().splitlines()
    for key, value in options.items():
        lines = [f"{key}: {value}" if line.startswith(f"{key}:") else line for line in lines]
    target = folder / "configs" / "machine" / f"{name}.yaml"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("\n".join(lines) + "\n")


def start(folder: Path, function: str, arguments: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start a sweep in a process group of its own, its output in a log."""
    with (folder / "parent.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-c", DRIVER, function, *arguments], cwd=folder, stdout=log, stderr=log,
            env=environment | {"PYTHONPATH": str(ROOT), OTHER_MODELS: FAKE.partition(":")[0]}, start_new_session=True,
        )  # fmt: skip


def finish(folder: Path, function: str, arguments: list[str], environment: dict[str, str], seconds: float = 300) -> str:
    """Run a sweep to its end; what it printed last. Fails when it did."""
    process = start(folder, function, arguments, environment)
    code = process.wait(seconds)
    log = (folder / "parent.log").read_text()
    assert code == 0, log[-3000:]
    return log.strip().splitlines()[-1]


def digests(folder: Path) -> dict[str, str]:
    """Every sealed file below a folder with the digest of its bytes."""
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.rglob("*.parquet")
            if p.parent.parent.name == "runs"}  # fmt: skip


def left_over(folder: Path) -> list[str]:
    """Temporary files."""
    return [path.name for path in folder.rglob(".tmp-*")]
