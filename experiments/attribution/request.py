"""Reads the keys of `attribute`: its own, and those of run for the scenario, its replicates and how they are run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from experiments.attribution.coalitions import points_of
from experiments.attribution.groups import EVERY_FAMILY, Group, check_groups, groups_of
from experiments.attribution.questions import Question, indicator_question, is_testable, target_question
from experiments.compose import DEFAULT_RESULTS, Request, compose_request
from experiments.outcomes import full_years
from experiments.plan import ACCOUNTS, MODEL, Plan
from experiments.plan_files import ONLY_HOW
from experiments.verb_keys import Key, key_lines, read_keys
from sim.catalogue.loader import catalogue
from sim.scenario import Scenario
from sim.scenario_values import ScenarioError, nearest, shown

VERB = "attribute"
PLANS = ("plan_a_2014", "plan_b_2014", "plan_c_13fyp", "plan_d_2019", "plan_e_changzhi")
INDICATORS = ("rd_gdp_ratio", "hnte_stock", "patents_valid_invention", "tech_contracts_total", "ind_newproduct_sales")
OWN, MAIN, NO_TARGETS = "own", "main", "none"
USUAL = ("parameters=posterior", "drivers=uncertain", "population=scaled", "replicates=16")  # unless said otherwise
KEYS: Mapping[str, Key] = {
    "plans": Key(None, "yes: each of the five plans; the default where no scenario is named", words=("yes", "no")),
    "groups": Key(EVERY_FAMILY, f"{EVERY_FAMILY}, or up to 8 groups as NAME+NAME,NAME of levers or families"),
    "indicator": Key(",".join(INDICATORS), "indicators of `list indicators`, separated by commas"),
    "year": Key(None, "year in which indicators are read; the last of the run when not given", 2011, 2030),
    "sum": Key("no", "yes: flows are summed over all years to the year", words=("yes", "no")),
    "targets": Key(OWN, "own (main ones of the scenario's plan, else all main ones), main, none, or ids by comma"),
}
FURTHER = (
    ("scenario", "a scenario of `list scenarios`; lever., mechanism., driver. and end= change it as for run", ""),
    ("replicates, population", "as for run", "16, scaled"),
    ("parameters, drivers", "as for run", "posterior, uncertain"),
    ("seed, workers, machine, time_limit", "as for run", ""),
    ("results", "folder for all output", f"{DEFAULT_RESULTS}/{VERB}"),
)
FORBIDDEN = ("study", "record", "most_runs")


@dataclass(frozen=True)
class Game:
    """One scenario with its groups, and what is asked of them."""

    scenario: Scenario
    groups: tuple[Group, ...]
    questions: tuple[Question, ...]
    year: int
    arguments: tuple[str, ...]

    def plan(self, request: Request, function: str = MODEL) -> Plan:
        """All coalitions with their replicates."""
        texts = {"verb": VERB, "arguments": list(self.arguments)}
        return Plan(self.scenario.name, points_of(self.scenario, self.groups), request.seed, request.replicates,
                    ACCOUNTS, function, texts, request.variation)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A checked command line: a game for each scenario, how they are run, where everything goes."""

    games: tuple[Game, ...]
    request: Request
    folder: Path
    is_plans: bool
    command: str


def asked_of(arguments: Sequence[str], may_be_idle: bool = False) -> Asked:
    """The checked command line. Raises ScenarioError, one line per fault, before anything is written.

    may_be_idle : leave levers of a group out that are not in force, as for the five plans together.
    """
    mine = [text for text in arguments if text.partition("=")[0].strip() in KEYS]
    rest = [text for text in arguments if text not in mine]
    own = read_keys(mine, KEYS)
    given = {text.partition("=")[0].strip() for text in rest}
    faults = [f"override: {key}= has no meaning for {VERB}" for key in FORBIDDEN if key in given]
    is_plans = own["plans"] == "yes" or (own["plans"] is None and "scenario" not in given)
    if is_plans and "scenario" in given:
        faults.append("override: plans=yes runs the five plans; leave scenario= out, or say plans=no")
    _check_names(own, faults)
    if faults:
        raise ScenarioError(faults)
    usual = [text for text in USUAL if text.partition("=")[0] not in _with_scale(given)]
    names = PLANS if is_plans else _scenario_of(rest)
    requests = [compose_request([*_without_scenario(rest), *usual, f"scenario={name}"]) for name in names]
    said = [text for text in arguments if not text.startswith(ONLY_HOW)]
    kept = [text for text in said if text.partition("=")[0].strip() not in ("plans", "scenario")]
    games = tuple(_game(one.scenarios[0], own, is_plans or may_be_idle, kept) for one in requests)
    request = replace(requests[0], scenarios=tuple(game.scenario for game in games))
    folder = request.results if "results" in given else Path(DEFAULT_RESULTS) / VERB
    return Asked(games, request, folder, is_plans, " ".join(["innopolicy", VERB, *said]))


def _with_scale(given: set[str]) -> set[str]:
    """The keys that are given; population.k= stands in for population=."""
    return given | ({"population"} if "population.k" in given else set())


def _scenario_of(rest: Sequence[str]) -> tuple[str, ...]:
    named = [text.partition("=")[2].strip() for text in rest if text.partition("=")[0].strip() == "scenario"]
    if not named:
        raise ScenarioError(["override: plans=no needs scenario=NAME"])
    if len(named) > 1:
        raise ScenarioError([f"override: scenario={shown(named[1])} gives scenario twice"])
    return tuple(named)


def _without_scenario(rest: Sequence[str]) -> list[str]:
    return [text for text in rest if text.partition("=")[0].strip() != "scenario"]


def _names(text: str) -> list[str]:
    return list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))


def _check_names(own: Mapping[str, Any], faults: list[str]) -> None:
    """Note indicators, targets and groups that do not exist."""
    known = catalogue().indicators
    names = _names(own["indicator"])
    faults += [
        f"override: indicator = {shown(name)} does not exist.{nearest(name, known)}"
        for name in names
        if name not in known
    ]
    targets = catalogue().targets
    if own["targets"] not in (OWN, MAIN, NO_TARGETS):
        faults += [
            f"override: targets = {shown(name)} is no target.{nearest(name, targets)}"
            for name in _names(own["targets"])
            if name not in targets
        ]
    if not names and own["targets"] == NO_TARGETS:
        faults.append("override: indicator = names no indicator, and targets=none: there is nothing to ask")
    try:
        check_groups(own["groups"])
    except ScenarioError as refused:
        faults += refused.faults


def _game(scenario: Scenario, own: Mapping[str, Any], may_be_idle: bool, kept: Sequence[str]) -> Game:
    """The game of one scenario. Raises ScenarioError."""
    years = full_years(scenario)
    year = own["year"] or (years[-1] if years else 0)
    if year not in years:
        span = f"{years[0]}..{years[-1]}" if years else "it has none"
        raise ScenarioError([f"override: year = {year} is no full year of the run: {span}"])
    is_strict = not may_be_idle and own["groups"] != EVERY_FAMILY
    groups = groups_of(scenario, check_groups(own["groups"]), is_strict)
    questions = [indicator_question(name, year, own["sum"] == "yes") for name in _names(own["indicator"])]
    questions += [target_question(target) for target in _targets(own["targets"], scenario, years)]
    return Game(scenario, tuple(groups), tuple(questions), year, (*kept, f"scenario={scenario.name}"))


def _targets(text: str, scenario: Scenario, years: Sequence[int]) -> list[str]:
    """Ids of the targets that are asked for and can be told from these runs. Raises ScenarioError."""
    rows = catalogue().targets
    if text not in (OWN, MAIN, NO_TARGETS):
        names = _names(text)
        faults = [f"override: targets = {name} cannot be told from a run of {scenario.name} to {years[-1]}"
                  for name in names if not is_testable(name, years)]  # fmt: skip
        if faults:
            raise ScenarioError(faults)
        return names
    if text == NO_TARGETS:
        return []
    plan = next((row.plan for row in rows.values() if scenario.name.startswith(f"plan_{row.plan.lower()}_")), "")
    chosen = [name for name, row in rows.items() if row.main and (text == MAIN or not plan or row.plan == plan)]
    return [name for name in chosen if is_testable(name, years)]


def help_text() -> str:
    """The keys with what is allowed and their defaults."""
    told = (
        "Splits what a scenario's levers did into parts of their groups: exact Shapley values over all coalitions of",
        "the groups, in every replicate by itself. A group that is away is at neutral doses from the scenario's own",
        "start on, its money unspent. Levers in no group stay. Writes shapley.csv (parts, cost, effect of 100 million",
        "yuan), synergy.csv (pairs), coalitions.csv, answer.md (Chinese and English), a waterfall figure an outcome.",
        "Finished runs are kept: the same command goes on.",
    )
    return "\n".join([f"usage: innopolicy {VERB} [KEY=VALUE ...]", "", *key_lines(KEYS, FURTHER), "", *told])
