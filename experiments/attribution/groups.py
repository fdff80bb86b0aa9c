"""The players: groups of levers that are in force in a scenario, each lever in one group at most.

A lever that no group names stays as the scenario has it in every coalition.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from experiments.attribution.shapley import MOST_PLAYERS
from experiments.timeline import quarters_in_force
from experiments.words import Pair
from sim.catalogue.loader import catalogue
from sim.scenario import Scenario
from sim.scenario_values import ScenarioError, nearest, shown

FAMILIES: Mapping[str, Pair] = {
    "fiscal": ("Fiscal support", "财政资助"),
    "tax": ("Tax relief (national law)", "税收优惠（国家法规）"),
    "finance": ("Finance", "科技金融"),
    "network": ("Networks and technology market", "产学研合作与技术市场"),
    "platform": ("Platforms and certificates", "平台建设与企业培育认定"),
    "talent": ("Talent", "人才"),
    "procurement": ("First sets", "首台（套）"),
    "governance": ("Duties and governance", "责任考核与治理"),
}
EVERY_FAMILY = "families"
MOST_NAMED = 3
BY_LAW = "tax"  # the family that no plan decides


@dataclass(frozen=True)
class Group:
    """A player: its name, its title in both languages, and its levers that are in force."""

    name: str
    title: Pair
    levers: tuple[str, ...]


def acting(scenario: Scenario) -> list[str]:
    """Levers that are in force in the scenario's own phase, at a main dose that is not neutral."""
    first = scenario.phases[-1].first
    return [name for name in catalogue().levers if any(when >= first for when in quarters_in_force(scenario, name))]


def _members(name: str, present: Sequence[str]) -> list[str]:
    """The levers of a name, which is that of a lever or of a family (then those that are in force)."""
    known = catalogue().levers
    if name in known:
        return [name]
    return [lever for lever in present if known[lever].family == name]


def _title(text: str) -> Pair:
    """The title of a group: those of the families and levers that it names, the first few where they are many."""
    known = catalogue().levers
    named = [
        FAMILIES[name] if name in FAMILIES else (known[name].title_en, known[name].title_zh) for name in text.split("+")
    ]
    more = len(named) - MOST_NAMED
    english, chinese = " + ".join(pair[0] for pair in named[:MOST_NAMED]), "、".join(p[1] for p in named[:MOST_NAMED])
    return (f"{english} + {more} more", f"{chinese}等 {len(named)} 项") if more > 0 else (english, chinese)


def check_groups(text: str) -> list[str]:
    """The texts of the groups as they are asked for. Raises ScenarioError for a name that does not exist."""
    if text == EVERY_FAMILY:
        return list(dict.fromkeys(row.family for row in catalogue().levers.values()))
    known = [*FAMILIES, *catalogue().levers]
    texts = [part.strip() for part in text.split(",")]
    names = [name for part in texts for name in part.split("+")]
    faults = [
        f"override: groups = {shown(name)} is no lever and no family.{nearest(name, known)}"
        for name in names
        if name not in known
    ]
    faults += [f"override: groups names {name} twice" for name in dict.fromkeys(names) if names.count(name) > 1]
    if len(texts) > MOST_PLAYERS:
        faults.append(f"override: groups has {len(texts)} groups, {1 << len(texts)} coalitions; at most {MOST_PLAYERS}")
    if faults:
        raise ScenarioError(faults)
    return texts


def groups_of(scenario: Scenario, texts: Sequence[str], is_strict: bool) -> list[Group]:
    """The groups that are in force in a scenario.

    is_strict : refuse a lever that is not in force, else leave it out. Raises ScenarioError, one line per fault.
    """
    present = acting(scenario)
    found, faults, taken = list[Group](), list[str](), set[str]()
    for text in texts:
        levers = [lever for name in text.split("+") for lever in _members(name, present)]
        idle = [lever for lever in levers if lever not in present]
        faults += [f"override: groups = {name} is not in force in {scenario.name}" for name in idle if is_strict]
        faults += [f"override: groups has {name} in two groups" for name in levers if name in taken]
        taken.update(levers)
        left = tuple(dict.fromkeys(lever for lever in levers if lever in present))
        if left:
            found.append(Group(text, _title(text), left))
    if not found and not faults:
        faults.append(f"override: groups: no lever of them is in force in {scenario.name}")
    if faults:
        raise ScenarioError(faults)
    return found
