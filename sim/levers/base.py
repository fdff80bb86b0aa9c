"""What all levers share: their doses for a quarter, and money for their budget line.

A lever is a frozen dataclass of its doses with `apply(world)`. Doses may change by year and by phase of the scenario:
what it is in each quarter of a run is made when the model is built; outside its dates it is not applied at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, ClassVar, Protocol

from sim.agents.government import PROVINCE
from sim.agents.world import World
from sim.catalogue.loader import catalogue
from sim.core.calendar import QUARTERS_A_YEAR, Calendar
from sim.core.money import to_yuan

BY_LAW = -1.0  # the number that stands for the word dated_law: the lever reads the statute of the year itself


class Doses(Protocol):
    """What a scenario must offer: the doses of a lever by quarter (Scenario.course)."""

    def course(self, lever: str, first: int, last: int) -> Sequence[Mapping[str, Any] | None]: ...  # noqa: D102


class Lever(Protocol):
    """The shape of a lever: a dataclass whose fields are its doses."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    def apply(self, world: World) -> None: ...  # noqa: D102


@cache
def lever_class(name: str) -> type[Any]:
    """The class of a lever: sim/levers/innovation_voucher.py holds InnovationVoucher."""
    found: type[Any] = getattr(import_module(f"sim.levers.{name}"), "".join(w.title() for w in name.split("_")))
    return found


def made(kind: Callable[..., Lever], doses: Mapping[str, Any]) -> Lever:
    """The lever of a class with its doses; the word dated_law is handed on as BY_LAW."""
    return kind(**{name: BY_LAW if value == "dated_law" else value for name, value in doses.items()})


@dataclass(frozen=True)
class Scheduled:
    """A lever over the quarters of a run: as it is in each, or None where it is not in force."""

    name: str
    timeline: tuple[Lever | None, ...]

    @classmethod
    def of(cls, name: str, kind: Callable[..., Lever], scenario: Doses, calendar: Calendar) -> Scheduled:
        """The lever with a scenario's doses, worked out once for all quarters of the calendar."""
        timeline: list[Lever | None] = []
        before: Mapping[str, Any] | None = None
        for doses in scenario.course(name, calendar.first, calendar.last):
            same = bool(timeline) and (doses is before or doses == before)
            timeline.append(timeline[-1] if same else None if doses is None else made(kind, doses))
            before = doses
        return cls(name, tuple(timeline))

    def apply(self, world: World) -> None:
        """Apply the lever as it is in this quarter; nothing outside its dates."""
        lever = self.timeline[world.calendar.quarter]
        if lever is not None:
            lever.apply(world)


def active_levers(scenario: Doses, calendar: Calendar) -> tuple[Scheduled, ...]:
    """All levers of the catalogue, each with the scenario's doses by quarter, in the catalogue's order."""
    return tuple(Scheduled.of(name, lever_class(name), scenario, calendar) for name in catalogue().levers)


def set_province(world: World, term: str, value: float) -> None:
    """Write a provincial policy term."""
    getattr(world.governments, term)[PROVINCE] = value


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
