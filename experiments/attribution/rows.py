"""The three tables: shapley.csv (parts), synergy.csv (pairs) and coalitions.csv (what each coalition reaches)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from experiments.attribution.coalitions import name_of
from experiments.attribution.parts import Band, Parts, per_100m
from experiments.attribution.questions import Question
from experiments.outcomes import Array
from experiments.scorecard import write_number
from experiments.store import write_file
from experiments.tables import csv_text
from sim.scenario import Scenario

NONE, ALL = "none", "all"
EMPTY: tuple[None, None, None] = (None, None, None)


@dataclass(frozen=True)
class PartRow:
    """One row of shapley.csv: `none` is the value without any group, `all` with every group, between them the parts.

    The parts sum to all - none. Cost is the group's part of the public cost in 100 million yuan.
    """

    scenario: str
    kind: str
    outcome: str
    title_en: str
    title_zh: str
    unit: str
    year: int
    part: str
    part_en: str
    part_zh: str
    levers: str
    runs: int
    value: float
    p05: float
    p95: float
    same_sign: float | None
    cost_100m: float | None
    cost_p05: float | None
    cost_p95: float | None
    per_100m: float | None
    per_100m_p05: float | None
    per_100m_p95: float | None


@dataclass(frozen=True)
class PairRow:
    """One row of synergy.csv: what two groups do together beyond the sum of what each does alone."""

    scenario: str
    kind: str
    outcome: str
    unit: str
    year: int
    first: str
    second: str
    runs: int
    synergy: float
    p05: float
    p95: float
    same_sign: float | None


@dataclass(frozen=True)
class CoalitionRow:
    """One row of coalitions.csv: the value of an outcome with these groups in force and the others at neutral."""

    scenario: str
    coalition: str
    groups: int
    kind: str
    outcome: str
    unit: str
    year: int
    runs: int
    value: float
    p05: float
    p95: float


@dataclass(frozen=True)
class Attribution:
    """All that was found of one scenario: the cost first among the parts."""

    scenario: Scenario
    cost: Parts
    parts: tuple[Parts, ...]

    @property
    def every(self) -> tuple[Parts, ...]:
        """The outcomes, and the cost last."""
        return (*self.parts, self.cost)


def effect_per_100m(found: Attribution, one: Parts, effect: Array, cost: Array) -> Band | None:
    """Effect of 100 million yuan; nothing for chances and for the cost itself."""
    return per_100m(effect, cost) if one.question.kind in ("level", "sum") else None


def part_rows(found: Attribution) -> Iterator[PartRow]:
    """Rows of shapley.csv for a scenario."""
    costs = found.cost
    for one in found.every:
        n, values = len(one.groups), one.values
        yield _part(found, one, NONE, ("No group in force", "各类工具均不实施"), "", values[:, 0], None)
        for i, group in enumerate(one.groups):
            levers = ";".join(group.levers)
            yield _part(found, one, group.name, group.title, levers, one.part(i), costs.part(i))
        spent = costs.values[:, (1 << n) - 1] - costs.values[:, 0]
        gained = values[:, -1] - values[:, 0]
        title = ("All groups in force", "各类工具全部实施")
        yield _part(found, one, ALL, title, "", values[:, -1], spent, gained)


def _part(
    found: Attribution, one: Parts, name: str, title: tuple[str, str], levers: str, values: Array, cost: Array | None,
    effect: Array | None = None,
) -> PartRow:  # fmt: skip
    asked = one.question
    spent = EMPTY if cost is None or asked.kind == "cost" else found.cost.band(cost)
    each = None if cost is None else effect_per_100m(found, one, values if effect is None else effect, cost)
    agree = None if name in (NONE, ALL) else one.agreeing(values)
    return PartRow(
        found.scenario.name, asked.kind, asked.name, asked.title_en, asked.title_zh, asked.unit, asked.year, name,
        *title, levers, one.runs, *one.band(values), agree, *spent, *(each or EMPTY),
    )  # fmt: skip


def pair_rows(found: Attribution) -> Iterator[PairRow]:
    """Rows of synergy.csv for a scenario."""
    for one in found.every:
        head = (found.scenario.name, *_asked(one.question))
        for place, (i, j) in enumerate(one.pairs):
            values = one.pair(place)
            names = one.groups[i].name, one.groups[j].name
            yield PairRow(*head, *names, one.runs, *one.band(values), one.agreeing(values))


def coalition_rows(found: Attribution) -> Iterator[CoalitionRow]:
    """Rows of coalitions.csv for a scenario."""
    for members in range(1 << len(found.cost.groups)):
        name = name_of(found.cost.groups, members)
        for one in found.every:
            numbers = (one.runs, *one.band(one.values[:, members]))
            yield CoalitionRow(found.scenario.name, name, members.bit_count(), *_asked(one.question), *numbers)


def _asked(question: Question) -> tuple[str, str, str, int]:
    return question.kind, question.name, question.unit, question.year


def write_tables(folder: Path, found: Sequence[Attribution]) -> None:
    """shapley.csv, synergy.csv and coalitions.csv of some scenarios."""
    tables = (
        ("shapley.csv", PartRow, [row for one in found for row in part_rows(one)]),
        ("synergy.csv", PairRow, [row for one in found for row in pair_rows(one)]),
        ("coalitions.csv", CoalitionRow, [row for one in found for row in coalition_rows(one)]),
    )
    for name, kind, rows in tables:
        cells = ([write_number(value) for value in astuple(row)] for row in rows)
        write_file(folder / name, csv_text([field.name for field in fields(kind)], cells))
