"""Compiles every kernel in the first process, says so once, and leaves the workers nothing to compile.

Kernels are compiled when they are first called and then kept on disk. Some are called only when a lever acts, so the
scenario with every lever is simulated in miniature: a blink when the cache is there, a minute when it is not.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import platform
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import sim
from experiments.compose import load_scenario
from experiments.durable import StoreError, write_file
from experiments.interruption import end_with_parent

WIDEST, QUARTERS, SCALE = "full_push", 44, 40  # by then every lever has acted, and what it started has ended
PACKAGE = Path(sim.__file__).parent
SAID = "compiling the kernels: about a minute, once; they are kept for later runs ..."


@contextmanager
def announced() -> Iterator[None]:
    """Say on stderr when the first kernel is compiled in here, and when the last is done; nothing if none is."""
    from numba.core import event

    begun: list[float] = []

    class Listener(event.Listener):
        """Hears of every function that the compiler takes up; what is read from the cache is no compilation."""

        def on_start(self, event: Any) -> None:
            if not begun:
                begun.append(time.perf_counter())
                print(SAID, file=sys.stderr, flush=True)

        def on_end(self, event: Any) -> None:
            pass

    with event.install_listener("numba:compile", Listener()):
        yield
    if begun:
        print(f"kernels ready after {time.perf_counter() - begun[0]:.0f} s", file=sys.stderr, flush=True)


def prepare() -> None:
    """Have every kernel compiled, or find that it is; with SIM_NOJIT=1 there is nothing to compile."""
    from sim.core.kernels import NOJIT
    from sim.model import InnovationModel

    if NOJIT:
        return
    with announced():
        model = InnovationModel(replace(load_scenario(WIDEST, []), k=SCALE))
        for _ in range(QUARTERS):
            model.step()


def prepare_apart() -> None:
    """The same in a process of its own: the parent of a long study carries neither model nor compiler.

    Nothing is started where a note says that it was done for this code, compiler and processor, and what it left is
    still there. Raises RuntimeError if the process fails; it has told why.
    """
    if is_prepared():
        return
    process = multiprocessing.get_context("spawn").Process(target=_prepare_for_parent, daemon=True)
    process.start()
    process.join()
    if process.exitcode:
        raise RuntimeError(f"the kernels could not be compiled (exit code {process.exitcode})")


def _prepare_for_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's affair
    end_with_parent()
    prepare()
    note_prepared()


def note() -> Path:
    """Where it is noted that every kernel is compiled: bears a digest of all that a compiled kernel depends on."""
    stamps = [(path.relative_to(PACKAGE).as_posix(), path.stat()) for path in sorted(PACKAGE.rglob("*.py"))]
    files = [(name, stat.st_mtime_ns, stat.st_size) for name, stat in stamps]  # what the compiler's cache looks at
    chosen = sorted(pair for pair in os.environ.items() if pair[0].startswith(("NUMBA_", "SIM_")))
    on = (sys.version, version("numba"), version("llvmlite"), _processor(), chosen)
    digest = hashlib.sha256(repr((files, on)).encode())
    return PACKAGE / "__pycache__" / f"prepared-{digest.hexdigest()[:16]}.json"


def _processor() -> str:
    """What the processor can do, as far as the system tells: kernels are compiled for it."""
    with suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
        return "".join(sorted({line for line in lines if line.startswith(("flags", "Features", "model name"))}))
    return platform.processor()


def is_prepared() -> bool:
    """Whether a note says so and as many compiled files as it counted are still there."""
    try:
        told = json.loads(note().read_text(encoding="utf-8"))
        return _compiled(Path(told["folder"])) >= int(told["files"]) > 0
    except (OSError, ValueError, KeyError, TypeError):
        return False


def note_prepared() -> None:
    """Note it beside the compiled kernels; where nothing can be written, the next study looks again."""
    from sim.core.kernels import NOJIT

    if NOJIT:
        return
    from numba import config

    folder = Path(str(vars(config)["CACHE_DIR"]))
    with suppress(OSError, StoreError):
        write_file(note(), json.dumps({"folder": str(folder), "files": _compiled(folder)}))


def _compiled(folder: Path) -> int:
    """Compiled files in a folder of the cache."""
    return sum(1 for _ in folder.rglob("*.nbc"))
