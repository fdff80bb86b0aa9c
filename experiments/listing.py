"""Prints the catalogue's rows for `list`, and each verb's keys with unit, range and default for `--help`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from experiments.compose import DEFAULT_RESULTS, DEFAULT_SCENARIO
from experiments.overrides import WHOLE_KEYS
from experiments.scenario_files import options
from sim.catalogue.loader import catalogue
from sim.scenario import DEFAULT_END, LARGEST_K
from sim.scenario_reading import FIRST_QUARTER, LAST_QUARTER
from sim.scenario_values import ScenarioError, decimal, nearest, shown

WIDEST = 60  # of a column on a terminal; a pipe or a file gets all
PLAN_MAP = ("id", "title_en", "title_zh", "type", "plans", "status", "lever", "parameter", "reason")
COLUMNS = {
    "levers": ("address", "title_en", "title_zh", "unit", "neutral", "range", "words", "grade"),
    "scenarios": ("scenario", "title_en", "title_zh", "file"),
    "targets": (
        "main",
        "target_id",
        "plan",
        "title_en",
        "title_zh",
        "unit",
        "target_year",
        "target",
        "status",
        "indicator",
    ),
    "parameters": ("address", "title", "unit", "value", "range", "kind", "grade", "source"),
    "indicators": ("indicator", "title_en", "title_zh", "unit", "kind", "good", "family", "observed"),
    "instruments": PLAN_MAP,
    "rules": PLAN_MAP,
    "actors": PLAN_MAP,
}
TIMELINE = "timeline"
LISTS = (*COLUMNS, TIMELINE)


def _rows(what: str) -> list[dict[str, Any]]:
    """The rows of one list, with a column `range` where there is one."""
    cat = catalogue()
    if what == "scenarios":
        from experiments.compose import load_scenario
        from experiments.scenario_files import display

        found = [(load_scenario(name), path) for name, path in options("scenario").items()]
        return [
            {"scenario": one.name, "title_en": one.title_en, "title_zh": one.title_zh, "file": display(path)}
            for one, path in found
        ]
    tables: dict[str, Iterable[Any]] = {
        "levers": cat.doses.values(),
        "targets": cat.targets.values(),
        "parameters": cat.parameters.values(),
        "indicators": cat.indicators.values(),
        "instruments": cat.instruments.values(),
        "rules": cat.rules_of_plans.values(),
        "actors": cat.actors.values(),
    }
    rows = [{name.rstrip("_"): value for name, value in asdict(row).items()} for row in tables[what]]
    for row in rows:
        if "low" in row:
            row["range"] = f"{decimal(row['low'])}..{decimal(row['high'])}"
    return rows


def _text(value: object) -> str:
    """A cell as text."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ";".join(map(str, value))
    return decimal(value) if isinstance(value, float) else str(value)


def _filtered(what: str, rows: Sequence[Mapping[str, Any]], filters: Sequence[str]) -> list[Mapping[str, Any]]:
    """Rows in which every filtered column is the given text, or has it among its words (plan=B finds plans A;B).

    Raises ScenarioError for an unknown column.
    """
    kept = list(rows)
    for text in filters:
        key, equals, value = text.partition("=")
        key = f"{key}s" if rows and key not in rows[0] and f"{key}s" in rows[0] else key
        if not equals or (rows and key not in rows[0]):
            known = sorted(rows[0]) if rows else []
            raise ScenarioError(
                [f"override: {shown(text)} filters by an unknown column of {what}; there are: {', '.join(known)}."
                 + nearest(key, known)]
            )  # fmt: skip
        kept = [row for row in kept if value.lower() in _wordings(row[key])]
    return kept


def _wordings(value: object) -> set[str]:
    """The texts by which a cell can be found: all of it, and each word of a list."""
    return {word.lower() for word in (_text(value), *(value if isinstance(value, tuple) else ()))}


def _width(text: str) -> int:
    """Columns that a text takes on a terminal; Chinese characters take two."""
    return sum(2 if ord(c) > 0x2E7F else 1 for c in text)


def _cut(text: str) -> str:
    """A text that fits into the widest column of a terminal."""
    while sys.stdout.isatty() and _width(text) > WIDEST:
        text = text.rstrip(".")[:-1] + ".."
    return text


def list_rows(arguments: Sequence[str]) -> str:
    """The table that `list WHAT [KEY=VALUE ...]` prints. Raises ScenarioError for an unknown list or column."""
    what = arguments[0] if arguments else ""
    listed = ", ".join(LISTS)
    if not arguments:
        raise ScenarioError([f"override: list needs a word for what to list; there are: {listed}."])
    if what not in LISTS:
        raise ScenarioError(
            [f"override: list = {shown(what)} does not exist; there are: {listed}.{nearest(what, LISTS)}"]
        )
    if what == TIMELINE:
        return _timeline(arguments[1:])
    rows = _filtered(what, _rows(what), arguments[1:])
    table = [list(COLUMNS[what]), *([_text(row[column]) for column in COLUMNS[what]] for row in rows)]
    return "\n".join([*_layout(table), f"({len(rows)} rows)"])


def _layout(table: Sequence[Sequence[str]]) -> list[str]:
    """Lines of a table whose columns stand below each other."""
    cut = [[_cut(cell) for cell in line] for line in table]
    widths = [max(_width(line[i]) for line in cut) for i in range(len(cut[0]))]
    return ["  ".join(c + " " * (w - _width(c)) for c, w in zip(line, widths, strict=True)).rstrip() for line in cut]


def _timeline(arguments: Sequence[str]) -> str:
    """The timeline of a scenario. Raises ScenarioError."""
    from experiments.timeline import lines_below, read, timeline

    asked = read(arguments)
    table = timeline(asked.scenario, asked.language)
    return "\n".join([*_layout(table), *lines_below(table, asked.language)])


def help_text(verb: str) -> str:
    """The keys of a verb with unit, range and default."""
    if verb == "list":
        filters = "\n".join(f"  list {what:11} columns: {', '.join(columns)}" for what, columns in COLUMNS.items())
        last = f"  list {TIMELINE:11} [scenario=NAME] [titles=en|zh] [lever.NAME.DOSE=... as for run]"
        told = "A filter keeps rows whose column is the value or has it among its words: list instruments plan=B"
        return f"usage: innopolicy list WHAT [COLUMN=VALUE ...]\n\n{filters}\n{last}\n\n{told}"
    if verb == "docs":
        return "usage: innopolicy docs\n\nWrites the generated tables of the documents again."
    if verb == "report":
        return "usage: innopolicy report [study=main] [results=results]\n\nWrites the files of a finished study again."
    head = [f"usage: innopolicy {verb} [KEY=VALUE ...]", ""]
    names = {group: ", ".join(options(group)) for group in ("scenario", "population", "machine")}
    rows = [("scenario", names["scenario"], DEFAULT_SCENARIO)] if verb == "run" else []
    rows += [("population", names["population"], "full"), ("machine", names["machine"], "local")]
    rows += [
        (key, f"{low}..{high} ({unit})", "" if default is None else str(default))
        for key, (low, high, default, unit) in WHOLE_KEYS.items()
    ]
    rows += [
        ("study", "name of the output folder", "main" if verb == "main" else "the scenario's name"),
        ("results", "folder for all output", DEFAULT_RESULTS),
        ("end", f"{FIRST_QUARTER}..{LAST_QUARTER} (last quarter)", DEFAULT_END),
        ("population.k", f"1..{LARGEST_K} (real agents for one simulated agent)", "1"),
    ]
    rows += [
        (f"lever.{row.address}", f"{decimal(row.low)}..{decimal(row.high)} ({row.unit})"
         + (f" or {', '.join(row.words)}" if row.words else ""), decimal(row.neutral))
        for row in catalogue().doses.values()
    ]  # fmt: skip
    table = [f"  {key:44} {allowed:66} default {default}".rstrip() for key, allowed, default in rows]
    tail = [
        "",
        "A lever dose is a number, a word, or a schedule: {2014:50,2016Q3:80} (a value holds until the next entry).",
        "Shown defaults of doses are neutral; a scenario sets its own. An override holds in every phase of a scenario.",
        "lever.NAME.start= and lever.NAME.end= take a quarter; mechanism.ADDRESS= any row of `list parameters`;",
        "driver.SERIES={YEAR:VALUE,...} replaces years of an observed series.",
    ]
    return "\n".join([*head, *table, *tail])
