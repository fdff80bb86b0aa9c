"""Bars of the judgement and policy-response tests as the report shows them; failing ones as visible as the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from experiments.validity.counts import BAR, CLASSES, Count, Row, bars_passed, responses_passed
from experiments.validity.summaries import FOLDER, Summary, shipped
from sim.catalogue.loader import catalogue

UNITS = {  # of the tests, beside those of the catalogue
    "yuan a yuan": ("yuan a yuan", "元/元"),
    "shape": ("shape", "形状"),
    "years": ("years", "年"),
    "projects a voucher": ("projects a voucher", "项目/券"),
    "% of sales": ("% of sales", "占销售额%"),
    "% of R&D": ("% of R&D", "占研发经费%"),
    "% in three years": ("% in three years", "三年内%"),
    "% points": ("% points", "个百分点"),
    "firms": ("firms", "家企业"),
    "% of the project": ("% of the project", "占项目经费%"),
    "lever": ("lever", "项工具"),
}


@dataclass(frozen=True)
class ValidityView:
    """What the report shows; tables that were not made yet are empty.

    bars, tests : rows of `judgement` that belong to the summary of the fit, and of `responses`; passed : how many bars;
    classes : how many tests of each class pass; titles, units : words of classes and units in both languages; old :
    whether another version of the model made one of the tables; commands : what made them.
    """

    bars: tuple[Row, ...]
    tests: tuple[Row, ...]
    passed: Count
    classes: Mapping[str, Count]
    titles: Mapping[str, tuple[str, str]]
    units: Mapping[str, tuple[str, str]]
    old: bool
    commands: tuple[str, ...]


def _units() -> dict[str, tuple[str, str]]:
    return {name: (row.title_en, row.title_zh) for name, row in catalogue().units.items()}


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
    classes = {name: responses_passed(tests, name) for name in CLASSES}
    passed, is_old = bars_passed(bars), any(not table.is_current for table in made)
    commands = tuple(table.command for table in made)
    return ValidityView(bars, tests, passed, classes, CLASSES, {**_units(), **UNITS}, is_old, commands)
