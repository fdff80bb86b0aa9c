"""What all levers share: their doses for a quarter, and money for their budget line.

A lever is a frozen dataclass of its doses with `apply(world)`. Doses may change by year and by phase of the scenario,
so each quarter the lever is made anew from the doses in force; outside its dates it is not applied at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cache, lru_cache
from importlib import import_module
from typing import Any, ClassVar, Protocol

from sim.agents.government import PROVINCE
from sim.agents.world import World
from sim.catalogue.loader import catalogue
from sim.core.calendar import QUARTERS_A_YEAR
from sim.core.money import to_yuan

BY_LAW = -1.0  # the number that stands for the word dated_law: the lever reads the statute of the year itself


class Doses(Protocol):
    """What a scenario must offer: whether a lever is in force, and the value of a dose in a quarter."""

    def in_force(self, lever: str, year: int, quarter: int) -> bool: ...  # noqa: D102

    def dose(self, lever: str, dose: str, year: int, quarter: int) -> float | str: ...  # noqa: D102

    def dose_value(self, lever: str, dose: str, year: int, quarter: int) -> float: ...  # noqa: D102


class Lever(Protocol):
    """The shape of a lever: a dataclass whose fields are its doses."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    def apply(self, world: World) -> None: ...  # noqa: D102


def lever_class(name: str) -> type[Any]:
    """The class of a lever: sim/levers/innovation_voucher.py holds InnovationVoucher."""
    found: type[Any] = getattr(import_module(f"sim.levers.{name}"), "".join(w.title() for w in name.split("_")))
    return found


@lru_cache(maxsize=1024, typed=True)  # doses seldom change between quarters and runs
def made(kind: Callable[..., Lever], *doses: float) -> Lever:
    """The lever of a class with its doses."""
    return kind(*doses)


@cache
def names_of_doses(kind: Any) -> tuple[str, ...]:
    """Names of the doses of a class of levers, in the order of its fields."""
    return tuple(field.name for field in fields(kind))


@dataclass(frozen=True)
class Scheduled:
    """A lever with the scenario that says its doses; `apply` acts with the doses of the quarter."""

    name: str
    kind: Callable[..., Lever]
    scenario: Doses

    def apply(self, world: World) -> None:
        """Apply the lever with this quarter's doses; nothing outside its dates."""
        year, quarter = world.calendar.year, world.calendar.quarter_of_year + 1
        if not self.scenario.in_force(self.name, year, quarter):
            return
        doses = [self._dose(name, year, quarter) for name in names_of_doses(self.kind)]
        made(self.kind, *doses).apply(world)

    def _dose(self, dose: str, year: int, quarter: int) -> float:
        found = self.scenario.dose(self.name, dose, year, quarter)
        if found == "dated_law":
            return BY_LAW
        return self.scenario.dose_value(self.name, dose, year, quarter) if isinstance(found, str) else found


def active_levers(scenario: Doses) -> tuple[Scheduled, ...]:
    """All levers of the catalogue, each bound to the scenario's doses, in the catalogue's order."""
    return tuple(Scheduled(name, lever_class(name), scenario) for name in catalogue().levers)


def set_province(world: World, term: str, value: float) -> None:
    """Write a provincial policy term."""
    world.governments[term][PROVINCE] = value


def set_places(world: World, programme: str, places_y: float) -> None:
    """Write the places a year in the call of one kind of programme (catalogue/programmes.csv)."""
    number = catalogue().programme(programme)
    world.governments.centre_places_y[PROVINCE, number] += places_y


def part_of_year_left(world: World) -> float:
    """Part of the calendar year from this quarter on."""
    return (QUARTERS_A_YEAR - world.calendar.quarter_of_year) / QUARTERS_A_YEAR


def appropriate(world: World, line: str, budget_y: float) -> None:
    """Give a budget line its year's money in the first quarter, pro rata later; a changed budget moves what is left.

    Parameters
    ----------
    budget_y : million yuan a year for the province; scaled to the run.
    """
    world.accounts.fund(line, to_yuan(max(budget_y, 0.0) / world.scale), part_of_year_left(world))


def close_lines(world: World) -> None:
    """Once all levers are applied: lines that nobody funds any more give back what is left for the rest of the year."""
    world.accounts.lapse(part_of_year_left(world))
