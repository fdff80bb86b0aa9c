"""What every lever keeps, told once: each relation takes a case, that is, a lever with doses and what they write.

A lever's own file states its case and runs RELATIONS on it; what only this lever does stands beside it there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from sim.agents.government import PROVINCE
from sim.agents.world import World
from sim.catalogue.loader import catalogue
from sim.levers.base import lever_class
from tests.mechanisms.worlds import frozen, small_world

PLACES = "government.centre_places_y"  # levers add their places to those of others: the one term that is no plain write
BUDGET = "budget:"
YUAN = 1_000_000  # a million
SCALE = 8

Expected = float | Mapping[str, float]


def at_the_start(quarter: int) -> World:
    """The small world in a quarter (1 to 4) of 2014."""
    return small_world(f"2014Q{quarter}")


@dataclass(frozen=True)
class Case:
    """A lever with doses, and what must stand in the world once it is applied.

    Parameters
    ----------
    lever : name of the lever in the catalogue.
    doses : every dose by name.
    writes : each term of `acts_on` (kind.column) with its value. For a term of the government the value stands in `row`
        and 0 in all other rows; a term of the firms has it for every firm. PLACES takes {programme: places a year}.
    budget_y : million yuan that the line gets in a whole year; 0 for a lever without a line.
    neutral : changes of the doses of which each by itself makes the lever write nothing.
    line : the budget line, by default of the lever's name.
    budget_dose : the dose without which there is no money.
    row : row of the government that the terms are written for, by default the province.
    world : makes a world without any policy in a quarter (1 to 4) of some year.
    """

    lever: str
    doses: Mapping[str, float]
    writes: Mapping[str, Expected]
    budget_y: float = 0.0
    neutral: Sequence[Mapping[str, float]] = ()
    line: str = ""
    budget_dose: str = "budget_y"
    row: int = PROVINCE
    world: Callable[[int], World] = at_the_start

    def applied(self, world: World, **changes: float) -> World:
        """The world after the lever, with some doses changed."""
        lever_class(self.lever)(**(dict(self.doses) | changes)).apply(world)
        return world

    @property
    def main_at_zero(self) -> dict[str, float]:
        """The doses that the catalogue calls main, all at zero."""
        return {row.dose: 0.0 for row in catalogue().doses.values() if row.lever == self.lever and row.main}


def neutral_doses_write_nothing(case: Case) -> None:
    """No column changes and no line gets money: all doses at zero, the main ones at zero, each neutral change."""
    nothing = {field.name: 0.0 for field in fields(lever_class(case.lever))}
    assert case.main_at_zero, "the catalogue names no main dose"
    for changes in (nothing, case.main_at_zero, *case.neutral):
        world = case.world(1)
        before = frozen(world)
        case.applied(world, **changes)
        assert frozen(world) == before, changes
        assert_no_money(world)


def it_writes_what_its_row_says(case: Case) -> None:
    """The terms of `acts_on` have their values, every other column of every kind keeps its bytes."""
    acts_on = catalogue().levers[case.lever].acts_on
    terms = tuple(name for name in acts_on if not name.startswith(BUDGET))
    assert set(case.writes) == set(terms), "the case says every term of its row and no other"
    for quarter in range(1, 5):
        world = case.world(quarter)
        before = frozen(world, but=terms)
        case.applied(world)
        assert frozen(world, but=terms) == before
        for term in terms:
            assert_term(world, case, term)


def twice_is_once(case: Case) -> None:
    """A second application in the quarter changes no term and brings no money; only places of its row add up."""
    once, twice = case.applied(case.world(1)), case.applied(case.applied(case.world(1)))
    added = tuple(term for term in case.writes if term == PLACES)
    assert frozen(twice, but=added) == frozen(once, but=added)
    assert twice.accounts.available.tolist() == once.accounts.available.tolist()


def the_budget_is_given_once_and_pro_rata(case: Case) -> None:
    """The line of `acts_on`, and no other, gets the part of the year's budget that is left, however often asked."""
    line = case.line or case.lever
    lines = [name for name in catalogue().levers[case.lever].acts_on if name.startswith(BUDGET)]
    assert lines == ([BUDGET + line] if case.budget_y else [])
    for quarter in range(1, 5):
        world = case.applied(case.applied(case.world(quarter)))
        assert_money(world, case, round(case.budget_y * YUAN) * (5 - quarter) // 4)


def a_scaled_run_has_its_part_of_the_money(case: Case) -> None:
    """One eighth of the firms, one eighth of the money, and the same terms."""
    world = case.world(1)
    world.scale = SCALE
    case.applied(world)
    assert_money(world, case, round(case.budget_y * YUAN) // SCALE)
    assert frozen(world) == frozen(case.applied(case.world(1)))


def no_money_without_a_budget(case: Case) -> None:
    """With the budget at zero, whatever the other doses, no line gets money."""
    without = {case.budget_dose: 0.0} if case.budget_y else {}
    assert_no_money(case.applied(case.world(1), **without))


RELATIONS = (
    neutral_doses_write_nothing,
    it_writes_what_its_row_says,
    twice_is_once,
    the_budget_is_given_once_and_pro_rata,
    a_scaled_run_has_its_part_of_the_money,
    no_money_without_a_budget,
)


def assert_no_money(world: World) -> None:
    """No line was given money or counts as funded this year."""
    assert not world.accounts.available.any()
    assert not world.accounts.appropriated_year.any()


def assert_money(world: World, case: Case, yuan: int) -> None:
    """The case's line holds so many yuan and no other line holds any."""
    if case.budget_y:
        assert world.accounts.left(case.line or case.lever) == yuan
    assert world.accounts.available.sum() == yuan


def assert_term(world: World, case: Case, term: str) -> None:
    """A column holds exactly the values that the case states, in all its rows."""
    kind, name = term.split(".")
    found = world.kinds[kind][name]
    assert found.tolist() == values_of(found, case.writes[term], case.row if kind == "government" else None), term


def values_of(column: np.ndarray[Any, Any], value: Expected, row: int | None) -> list[Any]:
    """The whole column as the case wants it: a number in one row (in all with None), or places by programme."""
    wanted = np.zeros_like(column)
    if isinstance(value, Mapping):
        numbers = {programme.kind: programme.order for programme in catalogue().programmes}
        for programme, places in value.items():
            wanted[row, numbers[programme]] = places
    else:
        wanted[slice(None) if row is None else row] = value
    listed: list[Any] = wanted.tolist()
    return listed
