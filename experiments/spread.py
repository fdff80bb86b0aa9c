"""Calls a function on many items in processes of their own, in order: for trials that are no runs of a study.

A study's runs go through plan and store. This is for what looks inside a model while it runs (an experiment on firms, a
statistic of their columns) and leaves a few numbers: the caller keeps these.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

from experiments.compiling import prepare

Item = TypeVar("Item")
Found = TypeVar("Found")
LINE = 10.0  # seconds between two lines of progress


def spread(
    function: Callable[[Item], Found], items: Sequence[Item], workers: int | None = None, what: str = ""
) -> Iterator[Found]:
    """The function's value of each item, in the order of the items; progress on stderr where `what` names it.

    function : of a module, so that a process that starts anew finds it; an error in it is raised here.
    workers : processes, all cores when None; 1 works in this process.
    """
    count = workers or os.cpu_count() or 1
    prepare()
    if count == 1 or len(items) < 2:
        yield from _told(map(function, items), len(items), what)
        return
    with ProcessPoolExecutor(count, multiprocessing.get_context("spawn")) as pool:
        yield from _told(pool.map(function, items), len(items), what)


def _told(found: Iterator[Found], n: int, what: str) -> Iterator[Found]:
    """Pass values on and say now and then how many there are."""
    begun = said = time.perf_counter()
    for number, value in enumerate(found, 1):
        yield value
        now = time.perf_counter()
        if what and (now - said > LINE or number == n):
            said, rate = now, number / (now - begun)
            left = f"{(n - number) / rate:.0f} s left"
            print(f"{what}: {number}/{n}, {rate:.2g} a second, {left}", file=sys.stderr, flush=True)
