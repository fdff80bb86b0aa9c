"""Compiles every kernel in the first process, says so once, and leaves the workers nothing to compile.

Kernels are compiled when they are first called and then kept on disk. Some are called only when a lever acts, so the
scenario with every lever is simulated in miniature: a blink when the cache is there, a minute when it is not.
"""

from __future__ import annotations

import multiprocessing
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from experiments.compose import load_scenario
from experiments.interruption import end_with_parent

WIDEST, QUARTERS, SCALE = "full_push", 44, 40  # by then every lever has acted, and what it started has ended
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

    Raises RuntimeError if that process fails; it has told why.
    """
    process = multiprocessing.get_context("spawn").Process(target=_prepare_for_parent, daemon=True)
    process.start()
    process.join()
    if process.exitcode:
        raise RuntimeError(f"the kernels could not be compiled (exit code {process.exitcode})")


def _prepare_for_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's affair
    end_with_parent()
    prepare()
