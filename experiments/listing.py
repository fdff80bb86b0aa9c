"""Prints the catalogue's rows for `list`, and each verb's keys with unit, range and default for `--help`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from importlib import import_module
from typing import Any

from experiments.compose import DEFAULT_RESULTS, DEFAULT_SCENARIO
from experiments.draws.variation import CENTRAL
from experiments.fitted import columns_of_terminal, layout
from experiments.overrides import ONLY_SWEEP, WHOLE_KEYS
from experiments.scenario_files import options
from experiments.titles.parameters import title_of
from sim.catalogue.loader import catalogue
from sim.scenario import DEFAULT_END
from sim.scenario_reading import FIRST_QUARTER, LARGEST_K, LAST_QUARTER
from sim.scenario_values import ScenarioError, decimal, nearest, shown

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
    "parameters": ("address", "title_en", "title_zh", "unit", "value", "range", "kind", "grade", "source"),
    "indicators": ("indicator", "title_en", "title_zh", "unit", "kind", "good", "family", "observed"),
    "instruments": PLAN_MAP,
    "rules": PLAN_MAP,
    "actors": PLAN_MAP,
}
DOSES_BELOW = (
    "",
    "A dose is a number, a word, or a schedule: {2014:50,2016Q3:80} (a value holds until",
    "the next entry). Defaults of doses are neutral; a scenario sets its own. An override",
    "holds in every phase of a scenario.",
    "lever.NAME.start= and lever.NAME.end= take a quarter; mechanism.ADDRESS= sets a row of",
    "`list parameters`; driver.SERIES={YEAR:VALUE,...} replaces years of an observed series.",
)
SWEEP_BELOW = (
    "",
    "Keys of the scenario may have several values, as in lever.rd_grant.budget_y=0,200,400 or",
    "scenario=history,plan_b_2014: all combinations are tried. study=NAME takes the design of",
    "configs/study/NAME.yaml instead. Finished runs are kept: the same command goes on.",
)
BELOW = {
    "run": DOSES_BELOW,
    "sweep": (*DOSES_BELOW, *SWEEP_BELOW[1:]),
    "main": DOSES_BELOW,
    "effects": (
        "",
        "Tries each lever alone on top of national law, at the doses of lever_trials.csv, with",
        "the same seeds as without it; writes lever_effects.csv.",
    ),
}
SHORT_HELP: dict[str, tuple[str, tuple[str, ...]]] = {  # verb: what follows it, what it does
    "docs": ("", ("Writes the generated tables of the documents again.",)),
    "report": ("[study=main] [results=results]", ("Writes the files of a finished study again.",)),
    "status": (
        "[study=NAME] [results=results]",
        ("Runs planned, sealed and missing of a study, or of every study in the folder; who works on it.",),
    ),
    "export": (
        "study=NAME [results=results] [to=FILE.csv] [indicators=A,B] [periods=years|quarters|all] [groups=all]",
        ("Writes sealed runs as a CSV table, one row a run and period. What a sweep keeps is set by record=.",),
    ),
    "compact": (
        "study=NAME [results=results]",
        ("Puts all sealed runs into results/NAME/runs.parquet: a cache for queries, which is never the truth.",),
    ),
    "reproduce": (
        "RUN_ID [study=NAME] [results=results]",
        ("Runs one stored run again, from the first 8 or more digits of its id, and compares every number.",),
    ),
    "validate": (
        "[KEY=VALUE ...]",
        (
            "Fit of 2011-2017 and inner test (fitted to 2011-2014, held against 2015-2017), each series against",
            "random walk, log-linear trend and the plan's own path; goes on where it was stopped. Writes tables and a",
            "page with charts into results/validate/.",
            "",
            "key           allowed                                              default",
            "parameters    posterior, central (the catalogue's values)          posterior",
            "replicates    1..100000 (runs of each world)                       200",
            "observations  FILE.csv with series,year,value,source[,confidence]  none",
            "              of 2018..2022: is judged in the same way",
            "ship          yes: keep the tables as evidence in the project      no",
            "population, population.k, seed, workers, machine, time_limit, study, results: as for run",
        ),
    ),
    "work": (
        "plan=results/NAME/plan.json chunks=3,7 [workers=1] [time_limit=SECONDS]",
        ("Works chunks of a plan: what a task of a cluster calls.",),
    ),
}
OWN_HELP = {  # verb: the module whose help_text lists its keys
    "calibrate": "experiments.calibration.request",
    "sensitivity": "experiments.sensitivity.verb",
    "identify": "experiments.identification.verb",
    "facts": "experiments.facts.request",
    "responses": "experiments.responses.request",
    "variance": "experiments.draws.split",
    "dashboard": "experiments.dashboard.command",
    "attribute": "experiments.attribution.request",
    "optimise": "experiments.optimisation.request",
    "discover": "experiments.discovery.request",
    "ask": "experiments.questions.verb",
}
TITLES = {"titles=en": "title_zh", "titles=zh": "title_en"}  # what each leaves out
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
        if what == "parameters":
            row["title_en"], row["title_zh"] = title_of(row["address"])
            del row["title"]
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
    filters = [text for text in arguments[1:] if text not in TITLES]
    rows = _filtered(what, _rows(what), filters)
    hidden = {column for text, column in TITLES.items() if text in arguments}
    columns = [column for column in COLUMNS[what] if column not in hidden]
    table = [columns, *([_text(row[column]) for column in columns] for row in rows)]
    return "\n".join([*layout(table, columns_of_terminal()), f"({len(rows)} rows)"])


def _timeline(arguments: Sequence[str]) -> str:
    """The timeline of a scenario. Raises ScenarioError."""
    from experiments.timeline import lines_below, read, timeline

    asked = read(arguments)
    table = timeline(asked.scenario, asked.language)
    return "\n".join([*layout(table, columns_of_terminal()), *lines_below(table, asked.language)])


def help_text(verb: str) -> str:
    """The keys of a verb with unit, range and default."""
    if verb == "list":
        rows = [(f"list {what}", ", ".join(columns)) for what, columns in COLUMNS.items()]
        rows.append((f"list {TIMELINE}", "[scenario=NAME] [lever.NAME.DOSE=... as for run]"))
        told = (
            "",
            "A filter keeps rows whose column is the value or has it among its words:",
            "list instruments plan=B. titles=en and titles=zh show one language only.",
        )
        table = [("list", "columns"), *rows]
        return "\n".join(["usage: innopolicy list WHAT [COLUMN=VALUE ...] [titles=en|zh]", "",
                          *layout(table, columns_of_terminal()), *told])  # fmt: skip
    if verb in OWN_HELP:
        return str(import_module(OWN_HELP[verb]).help_text())
    if verb in SHORT_HELP:
        keys_of_verb, told_of_verb = SHORT_HELP[verb]
        return "\n".join([f"usage: innopolicy {verb} {keys_of_verb}".rstrip(), "", *told_of_verb])
    keys = [("key", "allowed", "default"), *_keys(verb)]
    lines = layout(keys, columns_of_terminal())
    return "\n".join([f"usage: innopolicy {verb} [KEY=VALUE ...]", "", *lines, *BELOW[verb]])


def _keys(verb: str) -> list[tuple[str, str, str]]:
    """Keys of the verbs that run the model: key, what is allowed, default."""
    names = {group: ", ".join(options(group)) for group in ("scenario", "population", "machine")}
    rows = [("scenario", names["scenario"], DEFAULT_SCENARIO)] if verb in ("run", "sweep") else []
    rows += [("population", names["population"], "full"), ("machine", names["machine"], "local")]
    rows += [
        (key, f"{low}..{high} ({unit})", "" if default is None else str(default))
        for key, (low, high, default, unit) in WHOLE_KEYS.items()
        if verb == "sweep" or key not in ONLY_SWEEP
    ]
    if verb == "sweep":
        kept = "yearly: years of the province; province: quarters too; full: groups and books too"
        rows.append(("record", kept, "yearly"))
    rows += [
        ("parameters", "central, or posterior: replicate r takes row r of the fit's draws", CENTRAL),
        ("drivers", "central, or uncertain: replicate r takes path r after the last observed year", CENTRAL),
    ]
    rows += [
        (
            "study",
            "name of the output folder" + (", else the scenario's" if verb == "run" else ""),
            "" if verb == "run" else verb,
        ),
        ("results", "folder for all output", DEFAULT_RESULTS),
        ("end", f"{FIRST_QUARTER}..{LAST_QUARTER} (last quarter)", DEFAULT_END),
        ("population.k", f"1..{LARGEST_K} (real agents for one simulated agent)", "1"),
    ]
    if verb == "effects":  # its doses are those of lever_trials.csv
        return rows
    return rows + [
        (f"lever.{row.address}", f"{decimal(row.low)}..{decimal(row.high)} ({row.unit})"
         + (f" or {', '.join(row.words)}" if row.words else ""), decimal(row.neutral))
        for row in catalogue().doses.values()
    ]  # fmt: skip
