"""Composes scenarios with Hydra: configs and overrides in, checked scenarios out. Only this file knows Hydra.

Hydra composes files, nothing more, and once for files that stay as they are: keys are checked before, the values of
overrides are written into a copy (`written_values.py`), ranges are checked after. Nothing a user writes is
instantiated, resolved or able to reach Hydra's own settings.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import hydra
from hydra import compose, initialize_config_dir
from hydra.core.config_store import ConfigStore
from hydra.core.global_hydra import GlobalHydra
from hydra.errors import HydraException
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from experiments.draws.variation import AS_IT_STANDS, CENTRAL, Variation
from experiments.overrides import ONLY_SWEEP, TREES, WHOLE_KEYS, WORD_KEYS, Overrides, read_overrides
from experiments.scenario_files import Scanned, option, own_folder, place_of, scan, shipped_folder
from experiments.written_values import with_values
from sim.catalogue.loader import catalogue
from sim.core.calendar import quarter_number
from sim.scenario import Scenario, ScenarioError, build_scenario
from sim.scenario_reading import AS_CATALOGUE
from sim.scenario_values import shown

DEFAULT_SCENARIO = "history"
DEFAULT_RESULTS = "results"
RUN_KEYS = (*WHOLE_KEYS, *WORD_KEYS, "study", "results", "machine")


@dataclass(frozen=True)
class Request:
    """What one command asks for: scenarios and how often, where and with how many workers to run them."""

    scenarios: tuple[Scenario, ...]
    seed: int
    replicates: int
    workers: int | None
    results: Path
    study: str
    overrides: tuple[str, ...]
    machine: str = "local"
    time_limit: float | None = None
    variation: Variation = AS_IT_STANDS


@lru_cache(maxsize=1)
def base_tree() -> dict[str, Any]:
    """Every lever at its neutral doses, every parameter at its base value, every driver as in the catalogue."""
    cat = catalogue()
    levers: dict[str, dict[str, Any]] = {name: {"start": None, "end": None} for name in cat.levers}
    for row in cat.doses.values():
        levers[row.lever][row.dose] = row.neutral
    mechanism: dict[str, dict[str, float]] = {}
    for parameter in cat.parameters.values():
        module, _, name = parameter.address.partition(".")
        mechanism.setdefault(module, {})[name] = parameter.value
    return {
        "title_en": None,
        "title_zh": None,
        "start": None,
        "end": None,
        "before": None,
        "from": None,
        "lever": levers,
        "mechanism": mechanism,
        "driver": dict.fromkeys(cat.observed, AS_CATALOGUE),
        "assumptions": [],
        "assumptions_zh": [],
        "notes": [],
        "notes_zh": [],
    }


def addresses() -> list[str]:
    """All keys that an override may set below lever, mechanism, driver and population."""
    tree = base_tree()
    found = [f"{t}.{block}.{key}" for t in ("lever", "mechanism") for block, keys in tree[t].items() for key in keys]
    return [*found, *(f"driver.{series}" for series in tree["driver"]), "population.k"]


def give_frame(*, is_bare: bool = False) -> None:
    """Give Hydra the frame: all of it, or without the parameters and series, of which a scenario's files name a few.

    Hydra copies the frame many times over, and a scenario needs nothing of a parameter that nobody changes.
    """
    bare: dict[str, Any] = {"mechanism": {}, "driver": {}} if is_bare else {}
    ConfigStore.instance().store(name="catalogue", node=base_tree() | bare)


def search_path() -> list[str]:
    own = own_folder()
    return [f"hydra.searchpath=['file://{own.resolve().as_posix()}']"] if own else []


@lru_cache(maxsize=64)
def _compose(name: str, groups: tuple[str, ...], path: tuple[str, ...], files: tuple[str, ...]) -> Mapping[str, Any]:
    """The composed tree of a scenario's files as plain data. Raises ScenarioError.

    groups : choices of files as GROUP=NAME; path : where to search. files : the texts of the files that may change,
    so that one that was changed is composed again.
    """
    give_frame(is_bare=True)
    GlobalHydra.instance().clear()
    try:
        with initialize_config_dir(config_dir=str(shipped_folder()), version_base="1.3"):
            config = compose("config", [*path, f"scenario={name}", *groups])
        tree = cast(dict[str, Any], OmegaConf.to_container(config, resolve=False))
    except (HydraException, OmegaConfBaseException) as wrong:
        raise ScenarioError([f"scenario {name}: {shown(str(wrong).strip().splitlines()[0])}"]) from wrong
    return {key: value for key, value in tree.items() if key not in RUN_KEYS}


def _usual_doses(tree: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, str]:
    """Values, by key, that give a lever which the scenario leaves off its usual further doses.

    Without them `lever.rd_grant.budget_y=200` on a scenario without grants would pay at a rate of zero.
    """
    found: dict[str, str] = {}
    touched = {key.split(".")[1] for key in values if key.startswith("lever.")}
    for lever in sorted(touched):
        rows = [row for row in catalogue().doses.values() if row.lever == lever]
        if any(tree["lever"][lever].get(row.dose) != row.neutral for row in rows):
            continue
        scan(option("lever", lever), "lever")
        usual = cast(dict[str, Any], OmegaConf.to_container(OmegaConf.load(option("lever", lever))))[lever]
        keys = {row.dose: f"lever.{lever}.{row.dose}" for row in rows if not row.main and row.dose in usual}
        found |= {key: str(usual[dose]) for dose, key in keys.items() if key not in values}
    return found


def _scan_all(name: str, groups: Mapping[str, str]) -> list[Scanned]:
    """Strict reading of every file that the scenario is made of, the scenario's own first."""
    own = scan(option("scenario", name), "scenario")
    further = [(group, groups[group]) for group in ("population", "machine") if group in groups]
    for _, path, text in own.defaults:
        if len(path) > 1:
            further.append((path[1].rpartition("/")[2], text))
    return [own, *(scan(option(group, text), group) for group, text in further)]


def _tree(name: str, overrides: Overrides) -> tuple[dict[str, Any], list[Scanned]]:
    """One scenario's tree with the overrides, as build_scenario takes it (without its earlier scenario), its files."""
    scanned = _scan_all(name, overrides.groups)
    groups = tuple(f"{group}={value}" for group, value in overrides.groups.items() if group != "scenario")
    plain = _compose(name, groups, tuple(search_path()), tuple(one.text for one in scanned))
    usual = _usual_doses(plain, overrides.values)
    return with_values(plain, {**usual, **overrides.values}) | {"name": name}, scanned


def composed(name: str, overrides: Overrides) -> tuple[dict[str, Any], list[Scanned]]:
    """A scenario's tree, its earlier scenario composed with the same overrides, and the files that it is made of."""
    tree, scanned = _tree(name, overrides)
    before = tree.get("before")
    if isinstance(before, str):
        tree["before"], further = _tree(before, overrides)
        scanned = [*scanned, *further]
    return tree, scanned


def checked(tree: Mapping[str, Any], scanned: Sequence[Scanned], overrides: Overrides) -> Scenario:
    """The scenario of a composed tree. Raises ScenarioError, one line per fault, naming file and line or override."""

    def origin(path: tuple[str, ...]) -> str:
        for length in range(len(path), 0, -1):
            key = ".".join(path[:length])
            if key in overrides.values:
                return overrides.places.get(key, "override")
        return place_of(scanned, path)

    found = build_scenario(tree, origin)
    _refuse_idle(found, overrides)
    return found


def _scenario(name: str, overrides: Overrides) -> Scenario:
    """The checked scenario of one name."""
    return checked(*composed(name, overrides), overrides)


def _refuse_idle(scenario: Scenario, overrides: Overrides) -> None:
    """Raise ScenarioError for an override that starts a lever after the run has ended: it would do nothing."""
    starts = [key for key in overrides.values if key.startswith("lever.") and key.endswith(".start")]
    late = [
        f"{overrides.places.get(key, 'override')}: {key} = {start} is after the end of the run,"
        f" {scenario.end}, so the lever would do nothing"
        for key in starts
        if quarter_number(start := str(scenario.lever[key.split(".")[1]]["start"])) > quarter_number(scenario.end)
    ]
    if late:
        raise ScenarioError(late)


def load_scenario(name: str = DEFAULT_SCENARIO, overrides: Sequence[str] = ()) -> Scenario:
    """A scenario by its name, with overrides such as 'lever.rd_grant.budget_y=200'.

    An override replaces the dose in every phase of the scenario. Raises ScenarioError, one line per fault.
    """
    read = read_overrides(overrides, addresses())
    if "scenario" in read.groups or read.settings:
        raise ScenarioError(["override: load_scenario takes keys of the scenario only, not scenario, seed or study"])
    return _scenario(name, read)


def compose_request(arguments: Sequence[str], scenarios: Sequence[str] = (), study: str = "") -> Request:
    """The request of a command line. With `scenarios` (the verb main) scenario= is refused.

    Raises ScenarioError, one line per fault, before anything is written.
    """
    read = read_overrides(arguments, addresses())
    if scenarios and "scenario" in read.groups:
        raise ScenarioError(["override: scenario= has no meaning for main, which runs " + ", ".join(scenarios)])
    for key in ONLY_SWEEP:
        if key in read.settings:
            raise ScenarioError([f"override: {key}= is for sweep; run keeps everything of every run"])
    names = list(scenarios) or [read.groups.get("scenario", DEFAULT_SCENARIO)]
    built = tuple(_scenario(name, read) for name in names)
    settings = {key: default for key, (_, _, default, _) in WHOLE_KEYS.items()} | dict(read.settings)
    return Request(
        scenarios=built,
        seed=settings["seed"],
        replicates=settings["replicates"],
        workers=settings["workers"],
        results=Path(settings.get("results", DEFAULT_RESULTS)),
        study=settings.get("study", study or names[0]),
        overrides=tuple(arguments),
        machine=read.groups.get("machine", "local"),
        time_limit=settings["time_limit"],
        variation=variation_of(settings),
    )


def variation_of(settings: Mapping[str, Any]) -> Variation:
    """By what replicates differ beside chance. Raises ScenarioError where there is nothing to draw from."""
    found = Variation(settings.get("parameters", CENTRAL), settings.get("drivers", CENTRAL))
    found.check()
    return found


def request_of(arguments: Sequence[str], read_manifest: Callable[[Path], Mapping[str, Any]], study: str) -> Request:
    """The request that a finished study was made by, from its manifest; `arguments` may name study= and results=."""
    read = read_overrides(arguments, [])
    beyond = [key for key in (*read.groups, *read.values, *read.settings) if key not in ("study", "results")]
    if beyond:
        raise ScenarioError([f"override: {beyond[0]}= has no meaning for report, which takes study= and results="])
    name, results = read.settings.get("study", study), Path(read.settings.get("results", DEFAULT_RESULTS))
    manifest = read_manifest(results / name)
    scenarios, overrides = manifest.get("scenarios"), manifest.get("overrides")
    if not isinstance(scenarios, Mapping) or not scenarios or not isinstance(overrides, list):
        raise ScenarioError([f"override: study = {name} was not made by run or main, which alone have a report"])
    given = [str(text) for text in overrides if not str(text).startswith("scenario=")]
    request = compose_request(given, list(map(str, scenarios)), name)
    return replace(request, results=results, study=name, overrides=tuple(map(str, overrides)))


def show_config(verb: str, arguments: Sequence[str]) -> None:
    """Hand --cfg, --info and tab completion to Hydra itself; nothing is run or written."""
    flags = [text for text in arguments if text.startswith("-") or text in ("job", "hydra", "all")]
    request = read_overrides([text for text in arguments if text not in flags], addresses())
    name = request.groups.get("scenario", DEFAULT_SCENARIO)
    _scan_all(name, request.groups)
    give_frame()
    texts = [f"{k}={v}" for k, v in request.groups.items()] + request.for_hydra() + search_path()
    settings = [f"{key}={value!r}" for key, value in request.settings.items()]
    sys.argv = [f"experiments {verb}", *flags, *texts, *settings]
    GlobalHydra.instance().clear()
    hydra.main(config_path=str(shipped_folder()), config_name="config", version_base="1.3")(lambda _: None)()


__all__ = ["TREES", "Request", "addresses", "compose_request", "load_scenario", "show_config"]
