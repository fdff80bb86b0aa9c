"""The verb `sensitivity`: Morris's screening of all inputs, Sobol's shares of the strongest, and the dead numbers."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from experiments.compose import DEFAULT_RESULTS, DEFAULT_SCENARIO
from experiments.costs import OUTCOMES
from experiments.fitted import columns_of_terminal, layout
from experiments.machines import Settings
from experiments.plan import MODEL
from experiments.scenario_files import options
from experiments.sensitivity import screens
from experiments.sensitivity.dead import dead, dead_rows, still
from experiments.sensitivity.findings import (
    COLUMNS,
    Finding,
    effects,
    findings,
    measures,
    noises,
    shipped_rows,
    sobol_shares,
    table_of,
)
from experiments.sensitivity.indices import strongest
from experiments.sensitivity.inputs import KINDS, inputs_of
from experiments.sensitivity.screens import Answers, Screen
from experiments.store import write_file
from experiments.tables import csv_text
from experiments.validity.summaries import ship
from experiments.verb_keys import Key, key_lines, read_keys
from sim.catalogue.loader import catalogue
from sim.scenario_values import ScenarioError, nearest, shown

ALL = "all"
STRONG_PUSH = "full_push"  # where every lever acts: the second look at what moves nothing
DEAD_COLUMNS = ("address", "title_en", "title_zh", "unit", "low", "high")
KEYS: Mapping[str, Key] = {
    "scenario": Key(DEFAULT_SCENARIO, "what is held where nothing is varied; a scenario of `list scenarios`"),
    "inputs": Key(ALL, "what is varied", words=(ALL, *KINDS)),
    "outcomes": Key(",".join(OUTCOMES), "indicators of `list indicators`, separated by commas"),
    "year": Key(2020, "year in which outcomes are read, and the run ends", 2011, 2030),
    "trajectories": Key(10, "of Morris's screening: each costs one run an input", 2, 10_000),
    "samples": Key(128, "of Sobol's shares, a power of two: each costs one run an input and two more", 8, 1 << 20),
    "strongest": Key(15, "inputs that Sobol looks at", 1, 200),
    "seeds": Key(16, "runs of the scenario as it stands, for the noise of a seed", 2, 1000),
    "replicates": Key(1, "runs of each point, the same seeds for all", 1, 1000),
    "population.k": Key(8, "real agents for one simulated agent", 1, 1000),
    "seed": Key(1, "of runs and designs", 0, 2**31 - 1),
    "dead": Key("yes", "whether to look for numbers that change nothing", words=("yes", "no")),
    "ship": Key("no", "whether to write the table that ships with the project", words=("yes", "no")),
    "workers": Key(None, "processes; all cores when not given", 1, 1024),
    "results": Key(f"{DEFAULT_RESULTS}/{screens.VERB}", "folder for all output"),
}


@dataclass(frozen=True)
class Asked:
    """A checked command line."""

    values: Mapping[str, Any]
    outcomes: tuple[str, ...]
    command: str

    @property
    def folder(self) -> Path:
        """Where everything goes."""
        return Path(self.values["results"])

    @property
    def settings(self) -> Settings:
        """How runs are carried out."""
        return Settings("local", self.values["workers"], None)

    def screen(self, name: str, design: str, keys: str, size: int) -> Screen:
        """A screen around the scenario that is asked for."""
        v = self.values
        return Screen(name, design, v["scenario"], keys, size, v["year"], v["population.k"], v["seed"], v["replicates"])


def asked_of(arguments: Sequence[str]) -> Asked:
    """The checked command line. Raises ScenarioError, one line per fault."""
    values = read_keys(arguments, KEYS)
    names = tuple(name.strip() for name in values["outcomes"].split(",") if name.strip())
    known = catalogue().indicators
    faults = [
        f"override: outcomes = {shown(name)} is no indicator.{nearest(name, known)}"
        for name in names
        if name not in known
    ]
    if not names:
        faults.append("override: outcomes = names no indicator")
    if values["scenario"] not in options("scenario"):
        there = options("scenario")
        faults.append(
            f"override: scenario = {shown(values['scenario'])} does not exist.{nearest(values['scenario'], there)}"
        )
    if values["samples"] & (values["samples"] - 1):
        faults.append(f"override: samples = {values['samples']} must be a power of two")
    if faults:
        raise ScenarioError(faults)
    how = ("workers=", "results=", "ship=")
    told = [text for text in arguments if not text.startswith(how)]
    return Asked(values, tuple(dict.fromkeys(names)), " ".join(["sensitivity", *told]))


def help_text() -> str:
    """The keys with what is allowed and their defaults."""
    told = (
        "",
        "Writes sensitivity.csv (every outcome and input), dead.csv (numbers that change nothing), two figures an",
        "outcome. With targets=history it screens the parameters against the targets of the calibration instead.",
        "Finished runs are kept: the same command goes on.",
    )
    return "\n".join(["usage: innopolicy sensitivity [KEY=VALUE ...]", "",
                      *key_lines(KEYS), "", *told])  # fmt: skip


def screened(asked: Asked, flags: Collection[str], function: str) -> list[Answers]:
    """Morris's screens: parameters with the levers of the scenario, levers with the parameters of the catalogue."""
    kinds = KINDS if asked.values["inputs"] == ALL else (asked.values["inputs"],)
    size = asked.values["trajectories"]
    return [
        screens.carried_out(
            asked.screen(f"screening_{kind}", screens.MORRIS, screens.EVERY + kind, size),
            asked.folder, asked.settings, flags, function,
        )
        for kind in kinds
    ]  # fmt: skip


def dead_keys(asked: Asked, first: Sequence[Answers], flags: Collection[str], function: str) -> list[str]:
    """Inputs that change nothing in the screens, nor alone in any scenario, nor together under the strong push."""

    def ends(scenario: str, keys: Sequence[str]) -> Answers:
        screen = replace(asked.screen(f"ends_{scenario}", screens.ENDS, ";".join(keys), 0), scenario=scenario)
        return screens.carried_out(screen, asked.folder, asked.settings, flags, function)

    order = [STRONG_PUSH, asked.values["scenario"], *options("scenario")]
    candidates = [key for answers in first for key in still(answers)]
    left, _ = dead(candidates, list(dict.fromkeys(order)), ends)
    if not left:
        return []
    screen = asked.screen("screening_push", screens.MORRIS, ";".join(left), asked.values["trajectories"])
    push = replace(screen, scenario=STRONG_PUSH)
    return still(screens.carried_out(push, asked.folder, asked.settings, flags, function))


def analysed(asked: Asked, flags: Collection[str] = (), function: str = MODEL) -> tuple[list[Finding], list[str]]:
    """All findings, and the keys of dead inputs (none where they were not looked for)."""
    answers = screened(asked, flags, function)
    by_screen = [effects(one, asked.outcomes) for one in answers]
    keys = [one.key for screen in answers for one in screen.screen.inputs]
    order = strongest(measures(by_screen, asked.outcomes), asked.values["strongest"])
    chosen = ";".join(keys[i] for i in order)
    seeds = screens.carried_out(
        asked.screen("seeds", screens.SEEDS, "", asked.values["seeds"]), asked.folder, asked.settings, flags, function
    )
    sobol = screens.carried_out(
        asked.screen("sobol", screens.SOBOL, chosen, asked.values["samples"]), asked.folder, asked.settings, flags,
        function,
    )  # fmt: skip
    found = findings(
        list(zip(answers, by_screen, strict=True)), (sobol.screen.inputs, sobol_shares(sobol, asked.outcomes)),
        noises(seeds, asked.outcomes), asked.outcomes,
    )  # fmt: skip
    for one in (*answers, sobol):
        _tell_failures(one)
    return found, dead_keys(asked, answers, flags, function) if asked.values["dead"] == "yes" else []


def _tell_failures(answers: Answers) -> None:
    """Say how many runs of a screen failed, and why: their trajectories or samples were left out."""
    for reason, count in sorted(answers.failures.items(), key=lambda item: -item[1])[:3]:
        print(f"{answers.screen.name}: {count} runs failed: {reason}", file=sys.stderr)


def write(asked: Asked, found: Sequence[Finding], dead_found: Sequence[str]) -> None:
    """sensitivity.csv, dead.csv and the figures."""
    from experiments.figures.screening import morris_figure, sobol_figure

    rows = ([one.cells()[name] for name in COLUMNS] for one in found)
    write_file(asked.folder / "sensitivity.csv", csv_text(COLUMNS, rows))
    if asked.values["dead"] == "yes":
        write_file(asked.folder / "dead.csv", csv_text(DEAD_COLUMNS, dead_rows(inputs_of(KINDS), dead_found)))
    for name in asked.outcomes:
        mine, row = [one for one in found if one.outcome == name], catalogue().indicators[name]
        heads = (f"{row.title_en}, {asked.values['year']}", f"{row.title_zh}，{asked.values['year']} 年")
        write_file(asked.folder / f"morris_{name}.svg", morris_figure(mine, heads, row.unit))
        write_file(asked.folder / f"sobol_{name}.svg", sobol_figure(mine, heads))


def main(arguments: Sequence[str], flags: Collection[str] = (), function: str = MODEL) -> int:
    """Carry the verb out; 0 when done. Raises ScenarioError for a faulty command line, before anything is written."""
    if any(text.split("=")[0].strip() == "targets" for text in arguments):
        from experiments.sensitivity.against_targets import main as against_targets

        return against_targets(arguments, flags)
    asked = asked_of(arguments)
    found, dead_found = analysed(asked, flags, function)
    write(asked, found, dead_found)
    print("\n".join(layout(table_of(found), columns_of_terminal())))
    floor = {one.outcome: one.noise for one in found}
    print("mu* that two seeds alone would give: " + ", ".join(f"{name} {v:.3g}" for name, v in floor.items()))
    if asked.values["dead"] == "yes":
        print(f"numbers that change nothing anywhere: {len(dead_found)}" + "".join(f"\n  {key}" for key in dead_found))
    print(f"tables and figures: {asked.folder.as_posix()}/sensitivity.csv, dead.csv, morris_*.svg, sobol_*.svg")
    if asked.values["ship"] == "yes":
        print(f"shipped: {ship('sensitivity', asked.command, shipped_rows(found)).as_posix()}")
    return 0
