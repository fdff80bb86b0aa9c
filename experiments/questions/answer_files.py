"""Writes the files of an answer: answer.json, answer.md, answer.html, table.csv, figure.svg; no clock, no machine."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from experiments.plan import Run
from experiments.questions.answer import Answer
from experiments.questions.carrying import Asked, Posed, values_at
from experiments.questions.finding import Case, Number, Said, Table
from experiments.questions.page import figure, full_size, page, plain_text
from experiments.questions.question import CENTRAL
from experiments.scorecard import write_number
from experiments.store import Store, write_file
from experiments.tables import csv_text
from experiments.words import Pair
from sim import __version__
from sim.catalogue.loader import catalogue

COLUMNS = ("table", "row", "column", "unit", "value", "p05", "p95", "runs")


def write_answer(store: Store, posed: Posed, asked: Asked, cases: Mapping[str, Case], found: Answer) -> None:
    """All files of an answer. Raises ValueError for an answer without a band or without what it rests on."""
    check(found)
    manifest = manifest_of(posed, asked, cases)
    write_file(store.folder / "answer.json", json_text(found, manifest))
    write_file(store.folder / "answer.md", plain_text(found, manifest))
    write_file(store.folder / "answer.html", page(found, manifest))
    write_file(store.folder / "table.csv", csv_text(COLUMNS, rows_of(found)))
    write_file(store.folder / "figure.svg", figure(found, is_alone=True))


def check(found: Answer) -> None:
    """Raise ValueError unless every number of the sentences has its band and the answer says what it rests on."""
    for one in found.finding.numbers:
        if one.middle is not None and (one.low is None or one.high is None):
            raise ValueError(f"question {found.question.name}: {one.key} has no band")
    if not found.finding.said:
        raise ValueError(f"question {found.question.name}: has no sentence")
    if not found.assumptions and not found.doses:
        raise ValueError(f"question {found.question.name}: does not say what it rests on")


def manifest_of(posed: Posed, asked: Asked, cases: Mapping[str, Case]) -> dict[str, Any]:
    """What makes the answer repeatable: its command, the points with their scenarios, seeds, versions, digests."""
    points = {}
    for (end, name), place in posed.points.items():
        point = posed.plan.points[place]
        if end in cases:
            points[name if end == CENTRAL else f"{name}+{end}"] = {
                "stored_as": point.name, "fingerprint": point.fingerprint, "scale": point.scenario.scale,
                "runs": [posed.plan.run_id(Run(place, r)) for r in range(asked.replicates)],
            }  # fmt: skip
    command = " ".join(["innopolicy ask", *asked.arguments(posed.question.number)])
    return {
        "command": command,
        "command_at_full_size": full_size(command),
        "seed": asked.seed,
        "replicates": asked.replicates,
        "variation": asdict(asked.variation) | {"digest": posed.plan.variation.digest(asked.seed)},
        "evidence": {end: values_at(posed.question.evidence, end) for end in cases if end != CENTRAL},
        "points": points,
        "catalogue": catalogue().digest(),
        "version": __version__,
    }


def number_row(one: Number) -> dict[str, Any]:
    """A number as plain data; infinite ends as nothing."""
    ends = {name: _finite(getattr(one, name)) for name in ("middle", "low", "high")}
    return {"key": one.key, "title_en": one.title[0], "title_zh": one.title[1], "unit": one.unit, "what": one.what,
            "value": ends["middle"], "p05": ends["low"], "p95": ends["high"], "runs": one.runs,
            "is_too_small": one.is_too_small, "word_en": one.word[0], "word_zh": one.word[1]}  # fmt: skip


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def json_text(found: Answer, manifest: Mapping[str, Any]) -> str:
    """answer.json: sentences, numbers with unit, band and runs, costs, the ends of the evidence, what it rests on."""
    question = found.question
    content = {
        "question": {"name": question.name, "kind": question.kind, "title_en": question.title[0],
                     "title_zh": question.title[1], "question_en": question.asked[0], "question_zh": question.asked[1]},
        "sentences": [_said(one) for one in found.finding.said],
        "numbers": {end: [number_row(one) for one in numbers] for end, numbers in found.numbers.items()},
        "costs": [number_row(cell) for row in found.costs.rows for cell in row if isinstance(cell, Number)],
        "assumptions": [{"en": en, "zh": zh} for en, zh in found.assumptions],
        "doses": [asdict(one) for one in found.doses],
        "evidence": [asdict(one) for one in found.evidence],
        "cannot": [{"en": en, "zh": zh} for en, zh in question.limits],
        "tests": _tests(found),
        "caution": [{"en": en, "zh": zh} for en, zh in found.caution.sentences],
        "manifest": dict(manifest),
    }  # fmt: skip
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _said(one: Said) -> dict[str, Any]:
    """A sentence with its points."""
    return {**_both(one.lead), "points": [_both(point) for point in one.points]}


def _both(text: Pair) -> dict[str, str]:
    return {"en": text[0], "zh": text[1]}


def _tests(found: Answer) -> dict[str, Any]:
    """What the tests of published effects say of the levers."""
    names = ("title", "found", "wanted", "reason")
    failed = [{"row": one.row, **{name: _both(getattr(one, name)) for name in names}} for one in found.trials.failed]
    return {"sentences": [_both(one) for one in found.trials.sentences], "failed": failed}


def rows_of(found: Answer) -> list[list[str]]:
    """Every number of every table, one a row, in the units of the catalogue."""
    tables = [*found.finding.tables, found.beside, found.costs, found.ends]
    return [row for table in tables if table is not None for row in _table_rows(table)]


def _table_rows(table: Table) -> list[list[str]]:
    rows = []
    for row in table.rows:
        label = " | ".join(cell[0] for cell in row if not isinstance(cell, Number))
        for head, cell in zip(table.heads, row, strict=True):
            if isinstance(cell, Number):
                values: Sequence[object] = (cell.middle, cell.low, cell.high)
                rows.append([table.title[0], label, head[0], cell.unit, *map(write_number, values), str(cell.runs)])
    return rows
