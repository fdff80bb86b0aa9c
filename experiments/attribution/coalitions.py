"""The coalitions of a scenario: all 2^n ways to have some groups of levers in force and the others at neutral doses.

What the absence of a lever means. A lever is away from the scenario's own start on: what was there before (in a plan
scenario, history to the day before the plan) stays as it was, and what it promised then is still paid. A national law
that is away is not applied any more. The money of an absent lever is not spent: lines that share a fixed total by a key
keep what they have in the full scenario, so a coalition costs less and no lever is credited with another one's money.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from experiments.attribution.groups import Group
from experiments.plan import Point
from sim.catalogue.loader import catalogue
from sim.core.calendar import QUARTERS_A_YEAR, quarter_number
from sim.scenario import FISCAL_KEY, Scenario
from sim.scenario_reading import Dose, LeverSetting

BUDGET = "budget_y"


def neutral(lever: str, setting: LeverSetting) -> LeverSetting:
    """A lever at its neutral doses, which does nothing, not a bit."""
    rows = catalogue().doses
    return replace(setting, doses={dose: rows[f"{lever}.{dose}"].neutral for dose in setting.doses})


def _is_keyed(dose: Dose | None) -> bool:
    """Whether a budget, or an entry of its schedule, is a share of a total."""
    entries = [value for _, value in dose] if isinstance(dose, tuple) else [dose]
    return FISCAL_KEY in entries


def _money(scenario: Scenario, lever: str, setting: LeverSetting) -> Dose:
    """What a lever has a year in each quarter from the scenario's own start on, million yuan, as a schedule."""
    first = max(setting.first, scenario.phases[-1].first)
    entries: list[tuple[int, float | str]] = []
    for when in range(first, min(setting.last, quarter_number(scenario.end)) + 1):
        value = scenario.dose_value(lever, BUDGET, when // QUARTERS_A_YEAR, when % QUARTERS_A_YEAR + 1)
        if not entries or entries[-1][1] != value:
            entries.append((when, value))
    return tuple(entries)


def with_own_money(scenario: Scenario) -> Scenario:
    """The scenario with the shares of its total written as sums, so that no lever's absence feeds another one.

    Its runs are the same. A scenario of one phase is returned as it is: there a share is one of the fiscal spending
    itself, whatever else is in force.
    """
    if len(scenario.phases) == 1:
        return scenario
    own = scenario.phases[-1]
    levers = {
        name: replace(setting, doses={**setting.doses, BUDGET: _money(scenario, name, setting)})
        if _is_keyed(setting.doses.get(BUDGET)) and setting.first <= quarter_number(scenario.end)
        else setting
        for name, setting in own.lever.items()
    }
    return replace(scenario, phases=(*scenario.phases[:-1], replace(own, lever=levers)))


def name_of(groups: Sequence[Group], members: int) -> str:
    """The groups of a coalition, such as fiscal+tax; `none` and `all` for its ends."""
    if members in (0, (1 << len(groups)) - 1):
        return "all" if members else "none"
    return " & ".join(group.name for i, group in enumerate(groups) if members >> i & 1)


def coalition(scenario: Scenario, groups: Sequence[Group], members: int) -> Scenario:
    """The scenario with the groups of the set bits in force; `scenario` holds its own money (with_own_money)."""
    own = scenario.phases[-1]
    away = {lever for i, group in enumerate(groups) if not members >> i & 1 for lever in group.levers}
    levers = {name: neutral(name, setting) if name in away else setting for name, setting in own.lever.items()}
    bits = "".join(str(members >> i & 1) for i in range(len(groups)))
    return replace(scenario, name=f"{scenario.name}_{bits}", phases=(*scenario.phases[:-1], replace(own, lever=levers)))


def points_of(scenario: Scenario, groups: Sequence[Group]) -> tuple[Point, ...]:
    """One point for each coalition, in the order of a game's values."""
    full = with_own_money(scenario)
    made = [coalition(full, groups, members) for members in range(1 << len(groups))]
    return tuple(Point(one.name, one, scenario.name) for one in made)
