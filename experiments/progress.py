"""Shows how far the runs are: a bar on a terminal, else a line every few seconds."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

EVERY_SECONDS = 5.0


class _Lines:
    """Progress as lines on stderr."""

    def __init__(self, total: int) -> None:
        self.total, self.done, self.begun, self.shown = total, 0, time.monotonic(), 0.0
        self.kept: int | None = None  # runs that were there already: the first number told

    def __call__(self, finished: int) -> None:
        self.done += finished
        if self.kept is None:
            self.kept, self.begun = finished, time.monotonic()
            if finished:
                print(f"{finished}/{self.total} runs are there already", file=sys.stderr, flush=True)
            return
        now = time.monotonic()
        if finished and ((self.done >= self.total and finished > 0) or now - self.shown >= EVERY_SECONDS):
            self.shown = now
            rate = (self.done - self.kept) / max(now - self.begun, 1e-9)
            left = (self.total - self.done) / rate if rate else 0.0
            text = f"{self.done}/{self.total} runs, {rate:.2f} a second, {left:.0f} s left"
            print(text, file=sys.stderr, flush=True)


@contextmanager
def progress(total: int) -> Iterator[Callable[[int], None]]:
    """A function to call with the number of runs that have just finished."""
    if not sys.stderr.isatty():
        yield _Lines(total)
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("runs"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("runs", total=total)
        yield lambda finished: bar.advance(task, finished)
