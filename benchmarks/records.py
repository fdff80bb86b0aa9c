"""Speed by release: one line of history.csv each, and what got worse since the last one.

Ratios hold from machine to machine, roughly; instructions hold for one set of locked versions. Nothing here is a test:
`make bench-record` appends a line and prints the comparison, `make bench` prints it alone.
"""

from __future__ import annotations

import csv
import subprocess
from collections.abc import Mapping
from pathlib import Path

from sim import __version__

HISTORY = Path(__file__).parent / "history.csv"
WORSE = 0.10
# name -> what it is, and whether more of it is better
FIGURES = {
    "full_run": ("full default run over yardstick", False),
    "every_lever": ("run with every lever over yardstick", False),
    "firm_quarter": ("a firm and quarter at 100,000 firms over the yardstick's", False),
    "twin": ("plain-Mesa twin over columns", True),
    "instructions": ("instructions a quarter at k = 40", False),
}
COLUMNS = ("date", "commit", "version", *FIGURES)
Record = dict[str, str]


def read() -> list[Record]:
    """All records, the oldest first; none where there is no file yet."""
    if not HISTORY.is_file():
        return []
    with HISTORY.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def last() -> Record | None:
    """The newest record, if there is one."""
    found = read()
    return found[-1] if found else None


def here(figures: Mapping[str, float | None]) -> Record:
    """The record of what was measured now: date and name of the last commit; a figure that is None stays empty."""
    date, commit = _last_commit()
    values = {name: figures.get(name) for name in FIGURES}
    shown = {name: "" if value is None else f"{value:.6g}" for name, value in values.items()}
    return {"date": date, "commit": commit, "version": __version__, **shown}


def _last_commit() -> tuple[str, str]:
    """Date and short name of the commit that is checked out; empty outside a repository."""
    command = ["git", "-C", str(HISTORY.parent), "log", "-1", "--format=%cs %h"]
    try:
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    except (OSError, subprocess.CalledProcessError):
        return "", ""
    return (told[0], told[1]) if len(told) == 2 else ("", "")


def comparison(now: Record, before: Record | None) -> list[str]:
    """A line for each figure that both records have; what got worse by more than a tenth says so first."""
    if before is None:
        return ["No record to compare with yet."]
    found = []
    for name, (title, more_is_better) in FIGURES.items():
        if not (now.get(name) and before.get(name)):
            found.append((0.0, f"{title}: not in both records"))
            continue
        old, new = float(before[name]), float(now[name])
        worse = old / new - 1.0 if more_is_better else new / old - 1.0
        mark = "WORSE: " if worse > WORSE else ""
        found.append((worse, f"{mark}{title}: {old:.4g} -> {new:.4g} ({100.0 * (new / old - 1.0):+.1f} %)"))
    found.sort(key=lambda one: -one[0])
    whole = [line for _, line in found]
    return [f"Against {before['version']} of {before['date']} ({before['commit']}):", *whole]


def append(now: Record) -> None:
    """Add a record; the lines that are there stay as they are."""
    is_new = not HISTORY.is_file()
    with HISTORY.open("a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        if is_new:
            writer.writeheader()
        writer.writerow(now)
