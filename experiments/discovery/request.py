"""What may stand behind `discover`: mixes, targets, states and unknown numbers beside the keys of a scenario."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from experiments.compose import DEFAULT_SCENARIO, addresses, load_scenario
from experiments.discovery.unknowns import parameters_named, weak_parameters
from experiments.machines import Settings
from experiments.optimisation.mixes import Frame
from experiments.optimisation.request import (
    Faults,
    base_of,
    frame_of,
    listed,
    refuse_keys,
    split,
    study_of,
    targets_of,
    where_of,
)
from experiments.overrides import read_overrides
from experiments.scenario_files import LARGEST_FILE, options
from experiments.sensitivity.inputs import Input
from experiments.verb_keys import Key, key_lines
from sim.catalogue.rows import TargetRow
from sim.scenario import Scenario
from sim.scenario_values import ScenarioError, nearest, shown

VERB = "discover"
USUAL = {"replicates": "2", "parameters": "posterior", "drivers": "uncertain", "population": "scaled"}
TREES_OF_A_MIX = ("lever", "mechanism", "driver")  # what a mix may set; population and end are the asker's
MOST_INPUTS = 60
KEYS: Mapping[str, Key] = {
    "mixes": Key(DEFAULT_SCENARIO, "scenarios, and files as optimise writes (winner.yaml), separated by commas; the"
                                   " first is what cost is held against"),
    "targets": Key("", "target ids of `list targets`, separated by commas: all are to be met together"),
    "goal": Key("", "targets of your own, as 'hnte_stock>=1000@2020', in the indicator's unit"),
    "states": Key(160, "states of the world that are tried", 8, 100_000),
    "inputs": Key("12", f"how many of the strongest weak parameters are varied (0..{MOST_INPUTS}; found by trying both"
                        " ends of each), or their addresses of `list parameters`, separated by commas"),
    "doses": Key("yes", "yes: assumed doses of the mixes are varied by half, beside their main ones",
                 words=("yes", "no")),
}  # fmt: skip


@dataclass(frozen=True)
class Mix:
    """One mix: its name and titles, the scenario that it changes, and what it sets (key to text)."""

    name: str
    title_en: str
    title_zh: str
    scenario: str
    values: Mapping[str, str]
    composed: Scenario


@dataclass(frozen=True)
class Asked:
    """A checked request.

    Attributes
    ----------
    inputs : weak parameters that are varied; number : how many of the candidates where they are to be found first.
    """

    values: Mapping[str, Any]
    targets: tuple[TargetRow, ...]
    mixes: tuple[Mix, ...]
    inputs: tuple[Input, ...]
    number: int
    frame: Frame
    settings: Settings
    results: Path
    given: tuple[str, ...]

    @property
    def folder(self) -> Path:
        """Where everything goes."""
        return self.results / VERB / self.frame.study

    @property
    def last(self) -> int:
        """The last target's year."""
        return max(row.target_year or 0 for row in self.targets)

    @property
    def is_screened(self) -> bool:
        """Whether the strongest of the candidates are still to be found."""
        return self.number < len(self.inputs)


def asked_of(arguments: Sequence[str]) -> Asked:
    """The request of a command line. Raises ScenarioError, one line per fault, before anything is written."""
    faults = Faults()
    values, read = split(arguments, KEYS, USUAL, faults)
    targets = targets_of(values, faults)
    refuse_keys(read, faults)
    if "scenario" in read.groups:
        faults.lines.append("override: scenario= has no meaning here; mixes= names scenarios")
    faults.tell()
    base = base_of(read, targets, faults)
    faults.tell()
    assert base is not None
    frame = frame_of(VERB, read, base, read.settings.get("study") or study_of(targets))
    mixes = [faults.of(lambda text=text: mix_of(text, frame), None) for text in listed(values["mixes"])]  # type: ignore[misc]
    names = [one.name for one in mixes if one is not None]
    faults.lines += [f"override: mixes = {name} stands twice" for name in dict.fromkeys(names) if names.count(name) > 1]
    none: tuple[tuple[Input, ...], int] = ((), 0)
    inputs, number = faults.of(lambda: inputs_of(values["inputs"], frame.parameters), none)
    faults.tell()
    settings, results = where_of(read)
    kept = tuple(one for one in mixes if one is not None)
    return Asked(values, tuple(targets), kept, inputs, number, frame, settings, results, tuple(arguments))


def inputs_of(text: str, parameters: str) -> tuple[tuple[Input, ...], int]:
    """Weak parameters and how many of them: those that are named, or all candidates. Raises ScenarioError."""
    if re.fullmatch(r"0|[1-9][0-9]*", text):
        if int(text) > MOST_INPUTS:
            raise ScenarioError([f"override: inputs = {text} is out of range 0..{MOST_INPUTS} (parameters)"])
        found = weak_parameters(parameters)
        return (found, int(text)) if int(text) else ((), 0)
    found = parameters_named(listed(text), parameters)
    return found, len(found)


def mix_of(text: str, frame: Frame) -> Mix:
    """A mix: a scenario's name, or a file that names a scenario and overrides. Raises ScenarioError."""
    if not text.endswith((".yaml", ".yml")):
        known = options("scenario")
        if text not in known:
            raise ScenarioError([f"override: mixes = {shown(text)} is no scenario and no .yaml file."
                                 + nearest(text, known)])  # fmt: skip
        scenario = load_scenario(text, _scenario_texts(frame))
        return Mix(text, scenario.title_en, scenario.title_zh, text, {}, scenario)
    path = Path(text).expanduser()
    told = _told(path)
    read = read_overrides([one for one in told["overrides"] if _is_of_mix(one)], addresses())
    texts = [f"{key}={value}" for key, value in read.values.items()]
    scenario = load_scenario(told["scenario"], [*_scenario_texts(frame), *texts])
    name = path.stem if path.stem != "winner" else path.resolve().parent.name
    return Mix(name, f"{name} on {scenario.title_en}", f"{name}（基于{scenario.title_zh}）", told["scenario"],
               dict(read.values), scenario)  # fmt: skip


def _is_of_mix(text: str) -> bool:
    return text.partition("=")[0].strip().split(".")[0] in TREES_OF_A_MIX and "." in text.partition("=")[0]


def _scenario_texts(frame: Frame) -> list[str]:
    return list(frame.fixed)


def _told(path: Path) -> Mapping[str, Any]:
    """What a file of a mix says: scenario and overrides. Raises ScenarioError."""
    try:
        if not path.is_file() or path.stat().st_size > LARGEST_FILE:
            raise ScenarioError([f"override: mixes = {shown(str(path))} is no file of a mix"])
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as wrong:
        raise ScenarioError([f"override: mixes = {shown(str(path))} cannot be read: {type(wrong).__name__}"]) from None
    keys = {"scenario", "overrides"}
    is_right = isinstance(told, dict) and set(told) == keys and isinstance(told["scenario"], str)
    if (
        not is_right
        or not isinstance(told["overrides"], list)
        or not all(isinstance(t, str) for t in told["overrides"])
    ):
        raise ScenarioError([f"override: mixes = {shown(str(path))} must hold scenario: NAME and overrides: a list"])
    if told["scenario"] not in options("scenario"):
        raise ScenarioError([f"{shown(str(path))}: scenario = {shown(told['scenario'])} does not exist"])
    return dict(told)


def help_text() -> str:
    """The keys with what is allowed and their defaults."""
    told = (
        "",
        "Further keys are those of run: population, replicates (runs of a state), seed, parameters, drivers,",
        "lever.NAME.DOSE, mechanism, driver, end, study, results, workers, machine, time_limit. Unless said otherwise",
        ", ".join(f"{key}={value}" for key, value in USUAL.items()) + ".",
        "Writes answer.html and answer.md (Chinese and English), regret.csv, boxes.csv, gaps.csv, states.csv and",
        "figures into results/discover/STUDY/. Finished runs are kept: the same command goes on.",
        "Needs pip install innopolicy[planning].",
    )  # fmt: skip
    return "\n".join([f"usage: innopolicy {VERB} KEY=VALUE ...", "", *key_lines(KEYS), *told])
