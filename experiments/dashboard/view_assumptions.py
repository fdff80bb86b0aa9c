"""What a result rests on: the doses that were changed, those that are assumed, and what the bands hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from experiments.caution import caution_of
from experiments.dashboard.dose_texts import current_text, given_text, unit_of, with_unit
from experiments.dashboard.selection import LEVER
from experiments.dashboard.sight import Sight
from experiments.dashboard.tables_html import Cell, Row
from experiments.dashboard.view_targets import title_of, unit_text
from experiments.dashboard.wording import word
from experiments.timeline import NEUTRAL, cell, course, doses_of, quarters_in_force, whole_run
from experiments.titles.parameters import title_of as titles_of_parameter
from experiments.words import KINDS, PARTS, SOURCES, sentence, words
from sim.catalogue.loader import catalogue
from sim.catalogue.rows import DoseRow, Parameter
from sim.scenario import Scenario

ASSUMED = "D"
OF_A_PLAN, OF_AN_ACT = "plan_", "act_"
MECHANISM = "mechanism."  # begins the key of a parameter


def cautions(sight: Sight, language: int) -> list[str]:
    """How far probabilities, bands and counts can be trusted."""
    return [pair[language] for pair in caution_of(sight.all).sentences]


def dose_head(language: int) -> Row:
    """The head of a table of doses."""
    return [word(key, language) for key in ("lever", "dose", "given", "unit", "grade", "source")]


def source_text(source: str, language: int) -> str:
    """A source's key, or what it means where it is none; a plan by its letter, an act as such."""
    if source.startswith(OF_A_PLAN):
        return word("plan_letter", language, source.removeprefix(OF_A_PLAN).upper())
    if source.startswith(OF_AN_ACT):
        return word("law", language)
    return SOURCES[source][language] if source in SOURCES else source


def dose_row(row: DoseRow, value: str, language: int) -> Row:
    """A dose with its value, unit, grade and source."""
    lever = catalogue().levers[row.lever]
    return [title_of(lever, language), title_of(row, language), value, Cell(unit_of(row, language), kind="keep"),
            Cell(row.grade, kind="plan"), Cell(source_text(row.source, language), kind="keep")]  # fmt: skip


def parameter_row(row: Parameter, value: str, language: int) -> Row:
    """A parameter with its part of the model, value, unit, grade and source."""
    part = words(PARTS, row.address.partition(".")[0])[language]
    unit = Cell(unit_text(row.unit, language), kind="keep")
    return [part, titles_of_parameter(row.address)[language], value, unit, Cell(row.grade, kind="plan"),
            Cell(source_text(row.source, language), kind="keep")]  # fmt: skip


def changed_row(text: str, language: int) -> Row | None:
    """An override of a dose or a parameter as a row; None for any other."""
    key, _, value = text.partition("=")
    cat = catalogue()
    if (dose := cat.doses.get(key.removeprefix(LEVER))) is not None:
        return dose_row(dose, given_text(dose, value, language), language)
    parameter = cat.parameters.get(key.removeprefix(MECHANISM))
    return None if parameter is None else parameter_row(parameter, value, language)


def change_text(text: str, language: int) -> str:
    """An override with the titles of lever and dose, or of part and parameter, in place of their address."""
    row = changed_row(text, language)
    if row is None:
        return text
    unit = row[3].text if isinstance(row[3], Cell) else row[3]
    return f"{row[0]}{word('colon', language)}{row[1]} {with_unit(str(row[2]), unit)}"


def changed_rows(texts: Sequence[str], language: int) -> list[Row]:
    """Overrides of doses and parameters as rows; other overrides as they stand."""
    rows: list[Row] = []
    for text in texts:
        key, _, value = text.partition("=")
        rows.append(changed_row(text, language) or [key, "", value, "", "", ""])
    return rows


def assumed_rows(scenario: Scenario, language: int) -> list[Row]:
    """Doses of grade D of levers in force that are not neutral, as they go through the run."""
    rows: list[Row] = []
    span = whole_run(scenario)
    for name in catalogue().levers:
        acting = quarters_in_force(scenario, name)
        rows += [
            dose_row(row, current_text(row, scenario, language), language)
            for row in (doses_of(scenario, name, acting) if acting else ())
            if row.grade == ASSUMED and cell(course(scenario, row, span), row.neutral) != NEUTRAL
        ]
    return rows


def of_scenario(scenario: Scenario, language: int) -> list[str]:
    """The sentences of the base scenario's file; English where it gives no translation."""
    chinese = scenario.assumptions_zh if len(scenario.assumptions_zh) == len(scenario.assumptions) else ()
    return list(chinese if language and chinese else scenario.assumptions)


def of_model(language: int) -> list[str]:
    """How many numbers of the model are measured, from evidence, calibrated or assumed."""
    cat = catalogue()
    rows = [(row.kind, row.grade) for row in cat.parameters.values()]
    kinds: Counter[str] = Counter(kind for kind, _ in rows)
    grades: Counter[str] = Counter(grade for _, grade in rows)
    told = ("{} parameters: {}. Grades: {}.", "共 {} 个参数：{}。等级：{}。")[language]
    by_kind = sentence((pair, kinds[kind]) for kind, pair in KINDS.items())[language]
    by_grade = sentence(((grade, grade), count) for grade, count in sorted(grades.items()))[language]
    return [told.format(len(rows), by_kind, by_grade)]
