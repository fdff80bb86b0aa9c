"""Ctrl-C, and what is meant by SIGTERM and SIGHUP as well: stop, keep what is finished. A second one: stop at once."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import wait
from types import FrameType

INTERRUPTED = 130
SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


@contextmanager
def interruptible() -> Iterator[None]:
    """The first signal raises KeyboardInterrupt here, a second ends this process and its workers at once.

    A signal that is ignored, as under nohup, stays ignored. Sealed runs are safe at any moment; what a process that
    was ended at once was writing is swept by the next command.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard = [number for number in SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]

    def first(_: int, __: FrameType | None) -> None:
        for number in heard:
            signal.signal(number, _stop_at_once)
        raise KeyboardInterrupt

    before = {number: signal.signal(number, first) for number in heard}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop_at_once(_: int, __: FrameType | None) -> None:
    """End the workers and this process, whatever they are doing."""
    for child in multiprocessing.active_children():
        child.kill()
    os._exit(INTERRUPTED)


def end_with_parent() -> None:
    """End this process as soon as its parent is gone: nobody would hear of its work. Returns at once."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_when_gone, args=(parent.sentinel,), daemon=True).start()


def _end_when_gone(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
