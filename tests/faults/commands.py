"""Starts sweeps that are to be hurt, as commands of their own or, quickly, as forks of this process; judges them."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import subprocess
import sys
import traceback
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import experiments.__main__
import experiments.sweep
from experiments.store import Store
from experiments.sweep import Sweep, sweep_of

LONG = os.environ.get("FAULTS") == "long"
ROOT = Path(__file__).resolve().parents[2]
FAKE = "tests.experiments.fake_model"
GRID = ("lever.rd_grant.budget_y=0,100", "population.k=40", "end=2012Q4", "study=grid")
TEN = (*GRID, "replicates=5", "workers=1")  # ten runs in three chunks
DRIVER = """
import sys
import experiments.sweep
from experiments.__main__ import main
experiments.sweep.sweep_of.__defaults__ = (sys.argv[1],)
sys.exit(main(sys.argv[2:]))
"""


@dataclass(frozen=True)
class Ended:
    """How a command ended; a negative code is the signal that killed it."""

    code: int
    out: str
    err: str


def start(
    folder: Path, function: str, arguments: tuple[str, ...], environment: Mapping[str, str] | None = None, *,
    verb: str = "sweep",
) -> subprocess.Popen[bytes]:  # fmt: skip
    """Start a command in a process group of its own; what it says is added to err.txt and out.txt."""
    surroundings = {**os.environ, **(environment or {}), "PYTHONPATH": str(ROOT)}
    with (folder / "out.txt").open("ab") as out, (folder / "err.txt").open("ab") as err:
        return subprocess.Popen([sys.executable, "-c", DRIVER, function, verb, *arguments], cwd=folder, stdout=out,
                                stderr=err, env=surroundings, start_new_session=True)  # fmt: skip


def said(folder: Path) -> str:
    """What commands that were started in a folder said on stderr."""
    return (folder / "err.txt").read_text()


@cache
def planned(function: str, arguments: tuple[str, ...]) -> Sweep:
    """A sweep's plan, made once for many forks."""
    return sweep_of(arguments, function)


def fork(
    folder: Path, function: str, arguments: tuple[str, ...], prepare: Callable[[], object] = lambda: None,
    flags: tuple[str, ...] = (),
) -> int:  # fmt: skip
    """Start `sweep` as a fork of this process, in a process group of its own, with workers that are forks of it.

    prepare : what the fork does before it begins. Nothing is imported or planned anew, so it takes a moment only.
    """
    ready = planned(function if ":" in function else f"{FAKE}:{function}", arguments)
    pid = os.fork()
    if pid:
        return pid
    code = 99
    try:
        os.setsid()
        os.chdir(folder)
        forking = multiprocessing.get_context("fork")
        multiprocessing.get_context = lambda _=None: forking  # type: ignore[assignment, misc]
        experiments.sweep.sweep_of = lambda *_: ready
        with (
            Path("out.txt").open("a") as out,
            Path("err.txt").open("a") as err,
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            prepare()
            code = experiments.__main__.main([*flags, "sweep", *arguments])
    except BaseException:
        Path("err.txt").write_text(traceback.format_exc())
    finally:
        os._exit(code)


def ended(folder: Path, pid: int) -> Ended:
    """Wait for a fork; takes what it said."""
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    texts = []
    for name in ("out.txt", "err.txt"):
        path = folder / name
        texts.append(path.read_text() if path.exists() else "")
        path.unlink(missing_ok=True)
    return Ended(code, *texts)


def sweep(
    folder: Path, arguments: tuple[str, ...] = TEN, function: str = "run",
    prepare: Callable[[], object] = lambda: None, flags: tuple[str, ...] = (),
) -> Ended:  # fmt: skip
    """Run a sweep as a fork to its end."""
    folder.mkdir(exist_ok=True)
    return ended(folder, fork(folder, function, arguments, prepare, flags))


def digests(folder: Path) -> dict[str, str]:
    """Every file of the results with the digest of its bytes; without the lock and without temporary files."""
    files = [path for path in sorted((folder / "results").rglob("*")) if path.is_file()]
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
            if not path.name.startswith((".tmp-", ".lock"))}  # fmt: skip


def temporary(folder: Path) -> list[str]:
    """Temporary files that lie about."""
    return [path.name for path in folder.rglob(".tmp-*")]


def store(folder: Path) -> Store:
    """The store of the sweeps here."""
    return Store(folder / "results" / "grid")


def parts_of(whole: Mapping[str, str], found: Mapping[str, str]) -> list[str]:
    """Files that an uninterrupted sweep does not have, or has with other bytes."""
    return [name for name, digest in found.items() if whole.get(name) != digest]
