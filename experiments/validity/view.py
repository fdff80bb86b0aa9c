"""Bars of the judgement and policy-response tests as the report shows them; failing ones as visible as the others."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from experiments.validity.counts import BAR, CLASSES, Count, Row, bars_passed, tests_passed
from experiments.validity.summaries import FOLDER, Summary, shipped


@dataclass(frozen=True)
class ValidityView:
    """What the report shows; tables that were not made yet are empty.

    bars, tests : rows of `judgement` that belong to the summary of the fit, and of `responses`; passed : how many bars;
    classes : titles of a class of tests in both languages, and how many of them pass; old : whether another version of
    the model made one of the tables; commands : what made them.
    """

    bars: tuple[Row, ...]
    tests: tuple[Row, ...]
    passed: Count
    classes: tuple[tuple[tuple[str, str], Count], ...]
    old: bool
    commands: tuple[str, ...]


def _rows(table: Summary | None) -> tuple[Row, ...]:
    return table.rows if table else ()


def validity_view(folder: Path = FOLDER) -> ValidityView | None:
    """What the report shows; None where neither table was made yet."""
    judgement, responses = shipped("judgement", folder), shipped("responses", folder)
    made = [table for table in (judgement, responses) if table]
    if not made:
        return None
    bars = tuple(row for row in _rows(judgement) if row["part"] == BAR)
    tests = _rows(responses)
    classes = tuple((titles, tests_passed(tests, name)) for name, titles in CLASSES.items())
    is_old = any(not table.is_current for table in made)
    return ValidityView(bars, tests, bars_passed(bars), classes, is_old, tuple(table.command for table in made))
