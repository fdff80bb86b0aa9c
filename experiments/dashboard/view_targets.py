"""The targets of the plans as rows: goal, median and band, probability and gap, for a mix beside its reference."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.dashboard.sight import Sight
from experiments.dashboard.tables_html import Cell, Row
from experiments.dashboard.wording import word
from experiments.number_texts import amount, percent
from experiments.scorecard import Score, score
from experiments.words import STATUS, words
from experiments.words import named as noted
from sim.catalogue.loader import catalogue
from sim.catalogue.rows import TargetRow

LONGEST_REASON = 160


def band_text(low: float | None, high: float | None, unit: str) -> str:
    """A band such as 1.2–3.4; nothing where there is none."""
    return "" if low is None or high is None else f"{amount(low, unit)}–{amount(high, unit)}"


def unit_text(unit: str, language: int) -> str:
    """A unit in the reader's language."""
    row = catalogue().units.get(unit)
    return unit if row is None else (row.title_en, row.title_zh)[language]


def title_of(row: object, language: int) -> str:
    """The title of a row of the catalogue in the reader's language."""
    return str(getattr(row, ("title_en", "title_zh")[language]))


def rows_shown(is_main: bool) -> list[TargetRow]:
    """Main targets in their order; all of them without `is_main`."""
    rows = sorted(catalogue().targets.values(), key=lambda row: row.main or 1000)
    return [row for row in rows if row.main or not is_main]


def head(sight: Sight, language: int) -> Row:
    """The head of the table of targets."""
    sides = [word("reference", language)] * (sight.reference is not None) + [word("mix", language)]
    values = [Cell(side, word("value_band", language), "n") for side in sides]
    chances = [Cell(side, word("chance", language), "n chance") for side in sides]
    first: list[Cell | str] = [
        word("plan", language),
        Cell(word("target", language), kind="wide"),
        Cell(word("year", language), kind="n"),
    ]
    return [*first, Cell(word("goal", language), kind="n"), *values, *chances, Cell(word("gap", language), kind="n")]


def target_rows(sight: Sight, language: int, is_main: bool = True) -> list[Row]:
    """A row a target that is simulated and could be tested in these runs, then those that are not, with the reason."""
    tested, others = list[Row](), list[Row]()
    for row in rows_shown(is_main):
        scores = [score(row, one) for one in sight.all]
        if scores[-1].p50 is None:
            others.append(_untold(row, len(scores), language))
        else:
            tested.append(_told(row, scores, language))
    return [*tested, *others]


def goal_cell(row: TargetRow, target: float | None, language: int) -> Cell:
    """The number to reach, or what the plan says instead."""
    text = (row.target_text, row.target_text_zh)[language]
    shown = amount(target, row.unit) if target is not None else text
    return Cell(shown, unit_text(row.unit, language) if target is not None else "", "n")


def _told(row: TargetRow, scores: Sequence[Score], language: int) -> Row:
    mix = scores[-1]
    values = [Cell(amount(one.p50, row.unit), band_text(one.p05, one.p95, row.unit), "n") for one in scores]
    chances = [Cell(percent(one.probability), kind="n chance", share=one.probability, is_old=one is not mix)
               for one in scores]  # fmt: skip
    gap = Cell(f"{mix.gap:+.3g}" if mix.gap is not None and abs(mix.gap) < 1000 else _whole(mix.gap), kind="n")
    year = str(row.target_year or "")
    return [
        Cell(row.plan, kind="plan"), Cell(title_of(row, language), kind="wide"), year,
        goal_cell(row, mix.target, language), *values, *chances, gap,
    ]  # fmt: skip


def _whole(gap: float | None) -> str:
    return "" if gap is None else f"{gap:+,.0f}"


def _untold(row: TargetRow, sides: int, language: int) -> Row:
    """A target without a figure, and why."""
    status = words(STATUS, row.status)[language]
    why = noted((row.note, row.note_zh)[language], language)
    told = f"{title_of(row, language)}{word('colon', language)}{status}"
    return [
        Cell(row.plan, kind="plan"), Cell(told, why[:LONGEST_REASON], "small"), str(row.target_year or ""),
        goal_cell(row, row.target, language), *[""] * (2 * sides), "",
    ]  # fmt: skip
