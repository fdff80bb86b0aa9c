"""The doses that a search may set: where they may stand, and how a mix of them becomes the keys of a scenario.

A mix holds from a quarter on. Before it the scenario's own doses stand, as they are; with two stages a dose has one
value up to the middle of the plan and another from there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.catalogue.loader import catalogue
from sim.catalogue.rows import DoseRow
from sim.core.calendar import QUARTERS_A_YEAR, quarter_number, quarter_text
from sim.scenario import Scenario
from sim.scenario_values import decimal

MONEY = "million yuan a year"
STEPS = 50  # a dose is tried at so many even steps of its range: no lever is known better
DIGITS = 6
CATALOGUE, GIVEN, BUDGET = "catalogue", "given", "budget"
Entry = tuple[int, float | str]


@dataclass(frozen=True)
class Variable:
    """One dose that may be set, in one stage of the plan.

    Attributes
    ----------
    address : lever.NAME.DOSE; stage : 0 for the whole plan, 1 before its middle, 2 from there.
    low, high : bounds in the dose's unit; limit : what sets the upper one (catalogue, given, budget).
    """

    address: str
    low: float
    high: float
    limit: str
    stage: int = 0

    @property
    def row(self) -> DoseRow:
        """The dose's row in the catalogue."""
        return catalogue().doses[self.address.partition(".")[2]]

    @property
    def lever(self) -> str:
        """The lever's name."""
        return self.row.lever

    @property
    def name(self) -> str:
        """A name that no other variable of the search has."""
        return f"{self.address}@{self.stage}" if self.stage else self.address

    @property
    def is_money(self) -> bool:
        """Whether it is a yearly budget in million yuan."""
        return self.row.unit == MONEY and self.row.dose == "budget_y"

    def value(self, step: int) -> float:
        """The dose at a step, 0 to STEPS."""
        return float(f"{self.low + (self.high - self.low) * step / STEPS:.{DIGITS}g}")


def two_stages(variables: Sequence[Variable]) -> list[Variable]:
    """Each variable twice: before and after the middle of the plan."""
    return [Variable(one.address, one.low, one.high, one.limit, stage) for one in variables for stage in (1, 2)]


def cap_by_budget(variable: Variable, base: Scenario, first: int, budget: float) -> Variable:
    """A yearly budget tried no further than what the base pays and all the money there is beside it."""
    if not variable.is_money or variable.limit == GIVEN:
        return variable
    top = min(variable.high, most_in_base(base, variable.address, first) + budget)
    return Variable(variable.address, variable.low, top, BUDGET, variable.stage) if top < variable.high else variable


def quarters(base: Scenario, first: int) -> range:
    """Quarter numbers from one on to the end of the run."""
    return range(first, quarter_number(base.end) + 1)


def most_in_base(base: Scenario, address: str, first: int) -> float:
    """The largest dose of the base from a quarter on, words as numbers."""
    _, lever, dose = address.split(".")
    return max(
        base.dose_value(lever, dose, when // QUARTERS_A_YEAR, when % QUARTERS_A_YEAR + 1)
        for when in quarters(base, first)
    )


def mean_in_base(base: Scenario, address: str, first: int) -> float:
    """The mean dose of the base from a quarter on, words as numbers."""
    _, lever, dose = address.split(".")
    values = [
        base.dose_value(lever, dose, when // QUARTERS_A_YEAR, when % QUARTERS_A_YEAR + 1)
        for when in quarters(base, first)
    ]
    return sum(values) / len(values)


def entries_before(base: Scenario, address: str, first: int) -> list[Entry]:
    """The base's own entries of a dose before a quarter, words as they stand; nothing while it is neutral."""
    _, lever, dose = address.split(".")
    neutral = catalogue().doses[f"{lever}.{dose}"].neutral
    found: list[Entry] = []
    for when in range(quarter_number(base.start), first):
        value = base.dose(lever, dose, when // QUARTERS_A_YEAR, when % QUARTERS_A_YEAR + 1)
        if value != (found[-1][1] if found else neutral):
            found.append((when, value))
    return found


def is_idle_before(base: Scenario, lever: str, first: int) -> bool:
    """Whether the base has no dose of a lever before a quarter and the lever is not in force there yet."""
    addresses = [f"lever.{row.address}" for row in catalogue().doses.values() if row.lever == lever]
    return not any(entries_before(base, address, first) for address in addresses)


def row_of(
    base: Scenario, variables: Sequence[Variable], values: Mapping[str, float], first: int, middle: int
) -> dict[str, str]:  # fmt: skip
    """Keys with their texts of a mix. values : dose by the name of its variable; first, middle : quarter numbers.

    A lever that the base does not have before `first` begins there.
    """
    entries: dict[str, list[Entry]] = {}
    for one in variables:
        own = entries.setdefault(one.address, entries_before(base, one.address, first))
        own.append((middle if one.stage == 2 else first, values[one.name]))
    row: dict[str, str] = {}
    for address, found in entries.items():
        lever = address.split(".")[1]
        if first > quarter_number(base.start) and is_idle_before(base, lever, first):
            row[f"lever.{lever}.start"] = quarter_text(first)
        row[address] = schedule(found)
    return row


def schedule(entries: Sequence[Entry]) -> str:
    """The text of dated values: {2014Q1:50,2016Q1:80}; a value that repeats the one before it is left out."""
    kept = [entry for i, entry in enumerate(entries) if i == 0 or entry[1] != entries[i - 1][1]]
    return "{" + ",".join(f"{quarter_text(when)}:{_text(value)}" for when, value in kept) + "}"


def _text(value: float | str) -> str:
    return value if isinstance(value, str) else decimal(value)
