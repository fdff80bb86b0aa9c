"""Faults of the file system on purpose: the n-th call of one kind that writes into a store fails, or kills.

`install` wraps functions of os in this process; `FAULT=kind:n:error:where` in the environment does so in a worker that
imports this module for its model. Calls are counted for files below the working folder's results/ only.
"""

from __future__ import annotations

import errno
import multiprocessing
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.scenario import Scenario
from tests.experiments import fake_model

KINDS = {"open": "open", "write": "write", "fsync": "fsync", "close": "close", "link": "link", "rename": "replace",
         "unlink": "unlink", "mkdir": "mkdir"}  # fmt: skip
ERRORS = ("ENOSPC", "EIO", "EROFS", "KILL")
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
PLACES = ("parent", "worker")


@dataclass(frozen=True)
class Fault:
    """One fault: the n-th call (from 1) of a kind fails with an error, in the parent or in a worker."""

    kind: str
    number: int
    error: str
    place: str

    @property
    def text(self) -> str:
        """As in the environment."""
        return f"{self.kind}:{self.number}:{self.error}:{self.place}"


def fault_of(text: str) -> Fault:
    """The fault that a text in the environment means."""
    kind, number, error, place = text.split(":")
    return Fault(kind, int(number), error, place)


def install(fault: Fault | None, counted: Callable[[str], None] = lambda _: None) -> None:
    """Wrap what writes. counted : hears of every call by `place:kind`."""
    folder = str(Path.cwd() / "results")
    for kind, name in KINDS.items():
        setattr(os, name, _wrapped(kind, getattr(os, name), fault, folder, counted))


def _wrapped(
    kind: str, real: Callable[..., Any], fault: Fault | None, folder: str, counted: Callable[[str], None]
) -> Callable[..., Any]:  # fmt: skip
    calls = 0

    def wrapper(target: Any, *rest: Any, **named: Any) -> Any:
        nonlocal calls
        place = PLACES[multiprocessing.parent_process() is not None]
        if not _concerns(folder, target) or (kind == "open" and not rest[0] & WRITING):
            return real(target, *rest, **named)
        counted(f"{place}:{kind}")
        if fault is None or fault.kind != kind or fault.place != place:
            return real(target, *rest, **named)
        calls += 1
        lasting = fault.error in ("ENOSPC", "EROFS")  # the disk stays full; a bad block is met once
        if calls < fault.number or (calls > fault.number and not lasting):
            return real(target, *rest, **named)
        if fault.error == "KILL":
            os.killpg(0, signal.SIGKILL)
        if kind == "write" and calls == fault.number:  # some bytes get through, as on a disk that fills up
            real(target, rest[0][: len(rest[0]) // 2])
        if kind == "close":
            real(target)
        number = getattr(errno, fault.error)
        raise OSError(number, os.strerror(number), str(target))

    return wrapper


def _concerns(folder: str, target: Any) -> bool:
    """Whether a path or an open file lies in the store."""
    try:
        path = str(Path(f"/proc/self/fd/{target}").readlink()) if isinstance(target, int) else str(Path.cwd() / target)
    except OSError:
        return False
    return path.startswith(folder)


def run(scenario: Scenario, seed: int, replicate: int) -> fake_model.FakeOutcome:
    """The stand-in for the model, in a worker with a fault."""
    return fake_model.run(scenario, seed, replicate)


if "FAULT" in os.environ:
    install(fault_of(os.environ["FAULT"]))
