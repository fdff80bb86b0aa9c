"""How many bars, facts, tests and broken models of the shipped tables pass, and which rows are shown as failing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Row = Mapping[str, str]
PASS, FAIL = "pass", "fail"
YES = "yes"
RUN = (PASS, FAIL)  # results of tests that were carried out
BAR, INNER = "bar", "inner"  # parts of the table `judgement`
CLASSES = {"H": ("hard", "硬性"), "S": ("soft", "软性"), "X": ("exploratory", "探索性")}


@dataclass(frozen=True)
class Count:
    """So many of so many."""

    held: int
    of: int


def judged_bars(rows: Iterable[Row]) -> list[Row]:
    """The lines of the table `judgement` that have a bar to pass."""
    return [row for row in rows if row["part"] == BAR and row["bar"]]


def bars_passed(rows: Iterable[Row]) -> Count:
    """How many bars of the table `judgement` are passed."""
    found = judged_bars(rows)
    return Count(sum(row["passed"] == YES for row in found), len(found))


def responses_passed(rows: Iterable[Row], class_: str) -> Count:
    """How many tests of a class (a key of CLASSES) pass: all rows of the class that were carried out do."""
    found: dict[str, bool] = {}
    for row in rows:
        if row["class"] == class_ and row["result"] in RUN:
            found[row["test"]] = found.get(row["test"], True) and row["result"] == PASS
    return Count(sum(found.values()), len(found))


def is_noticed(row: Row) -> bool:
    """Whether a row of `breaks` passes on the whole model and fails on the broken one."""
    return row["whole_result"] == PASS and row["broken_result"] == FAIL


def fails_on_both(row: Row) -> bool:
    """Whether a row of `breaks` says nothing of the broken model, as it fails on the whole one too."""
    return row["whole_result"] == FAIL and row["broken_result"] == FAIL


def breaks_noticed(rows: Sequence[Row]) -> Count:
    """How many broken models are noticed by a test or fact that the whole model passes."""
    return Count(sum(map(is_noticed, rows)), len(rows))
