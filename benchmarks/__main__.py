"""`python -m benchmarks` measures and writes benchmarks/results.md.

`--record` measures only what is kept by release and appends it to benchmarks/history.csv; `--tiny` only sees that
everything works, and writes nothing.
"""

from __future__ import annotations

import os
import platform
import sys
import time
from importlib.metadata import version
from pathlib import Path

from benchmarks import records
from benchmarks.goals import FULL, TINY, Size, table
from benchmarks.measuring import KEPT, REST, Page

RESULTS = Path(__file__).parent / "results.md"
LONG_FORMS = "## Long forms"  # heading of what other targets measured: written by hand, kept
OPTIONS = ("--tiny", "--record")


def machine() -> str:
    """Cores, processor and versions, in a sentence."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        names = [
            line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")
        ]
        cpu = names[0] if names else cpu
    versions = ", ".join(f"{name} {version(name)}" for name in ("numpy", "numba", "mesa"))
    load = f", load {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else ""
    return f"{os.cpu_count()} cores of {cpu}{load}; Python {platform.python_version()}, {versions}."


def measure(size: Size, only_kept: bool) -> Page:
    """Everything in order, or only what is kept by release; how long each group took on stderr."""
    page = Page()
    for group in KEPT if only_kept else KEPT + REST:
        begun, spent = time.perf_counter(), sum(os.times()[:4])
        group(page, size)
        used = sum(os.times()[:4]) - spent  # of this process and its children
        print(f"{group.__name__}: {time.perf_counter() - begun:.0f} s, {used:.0f} s CPU", file=sys.stderr, flush=True)
    return page


def text_of(page: Page, where: str, compared: list[str]) -> str:
    """Everything measured, as Markdown."""
    lines = [
        "# Benchmarks", "", "Written by `python -m benchmarks`; numbers hold for this machine and this load only.", "",
        where, "", *table(page.rows), "",
        "The yardstick (benchmarks/yardstick.py) is a bare columnar run of ten sub-processes and sixteen draws a firm",
        "and quarter, 20,000 firms and 40 quarters, measured in turns with the runs. CPU time of the process unless",
        "wall time is said. The twin is given its draws; the columns make theirs in the time measured. Sizes beyond",
        "the population's ranges are set on the Scenario object in default proportions. The twin covers the",
        "mechanisms named in benchmarks/plain_mesa.py. The gain of same draws is that of taking the super-deduction",
        "away, with its 5 and 95 % points over resampled replicates.", "",
        "## Since the last record", "", *(f"- {line}" for line in compared), "",
        "## Where a run's time goes", "", "Wall time of one run, without building the model.", "", *page.steps, "",
    ]  # fmt: skip
    return "\n".join(lines)


def long_forms(path: Path) -> str:
    """The part of the page that is not measured here; nothing where there is none."""
    before = path.read_text(encoding="utf-8") if path.is_file() else ""
    _, heading, rest = before.partition(f"\n{LONG_FORMS}\n")
    return heading + rest


def main() -> None:
    """Measure, print, and write or append."""
    unknown = set(sys.argv[1:]) - set(OPTIONS)
    if unknown:
        sys.exit(f"unknown option {sorted(unknown)[0]!r}; there are {' and '.join(OPTIONS)}")
    is_tiny, is_record = (option in sys.argv for option in OPTIONS)
    where = machine() + (" Tiny sizes: the bars mean nothing here." if is_tiny else "")
    page = measure(TINY if is_tiny else FULL, is_record)
    now = records.here(page.figures)
    compared = records.comparison(now, None if is_tiny else records.last())
    print(text_of(page, where, compared))
    if is_record and not is_tiny:
        records.append(now)
        print(f"appended to {records.HISTORY.name}")
    elif not is_tiny:
        RESULTS.write_text(text_of(page, where, compared) + long_forms(RESULTS), encoding="utf-8")


if __name__ == "__main__":
    main()
