"""What a question is: variants of scenarios, a kind of answer with its block, the evidence that is tried at its ends.

Nothing here knows how a question is written down (`question_files`) or carried out (`carrying`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from experiments.words import Pair

CENTRAL, WEAK, STRONG = "central", "weak", "strong"
ENDS = (CENTRAL, WEAK, STRONG)
END_TITLES: Mapping[str, Pair] = {
    WEAK: ("low end of the evidence", "证据低端"),
    CENTRAL: ("central", "中心取值"),
    STRONG: ("high end of the evidence", "证据高端"),
}


@dataclass(frozen=True)
class Variant:
    """What is tried: a scenario file with overrides; `title` in English and Chinese.

    dose : value of the axis for a row of a sweep, and `of` the variant that it is a row of.
    """

    name: str
    title: Pair
    scenario: str
    overrides: Mapping[str, str] = field(default_factory=dict)
    of: str = ""
    dose: float | None = None


@dataclass(frozen=True)
class Evidence:
    """A parameter that is tried at both ends of its range in the catalogue; `stronger` is where levers do more."""

    address: str
    stronger: str


@dataclass(frozen=True)
class Outcome:
    """One value a run: an indicator, or `books.LEVER.COLUMN`, of a group, in a year.

    year : None for the sum over the run of what flows, and the end of the run for anything else.
    say : how it is told in the sentence (difference, percent, level), nothing where it stands in the table alone.
    """

    of: str
    group: str = ""
    year: int | None = None
    say: str = ""


@dataclass(frozen=True)
class Sweep:
    """Doses that are moved together, row by row; the first key is the axis.

    keys : key to texts; axis : the values of the first key, rising; title, unit : of the axis.
    """

    keys: Mapping[str, tuple[str, ...]]
    axis: tuple[float, ...]
    title: Pair
    unit: str


@dataclass(frozen=True)
class Question:
    """A question as its file has it.

    Attributes
    ----------
    name : stem of the file; title : a few words; asked : the question as a planner asks it.
    reference : the variant that others are held against, also for public cost.
    block : what the kind's own block says, a dataclass of the kind's module.
    beside : outcomes that stand in a further table.
    levers : named beside those that the overrides touch; limits : what the model cannot answer.
    """

    name: str
    title: Pair
    asked: Pair
    kind: str
    variants: tuple[Variant, ...]
    reference: str
    block: Any
    beside: tuple[Outcome, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    levers: tuple[str, ...] = ()
    limits: tuple[Pair, ...] = ()
    places: Mapping[tuple[str, ...], str] = field(default_factory=dict)

    @property
    def number(self) -> str:
        """What stands before the first `_` where that is a number, such as 05, else the whole name."""
        first = self.name.partition("_")[0]
        return first if first.isdigit() else self.name

    def variant(self, name: str) -> Variant:
        """The variant of this name. Raises KeyError."""
        return {one.name: one for one in self.variants}[name]


def rows_of(variants: tuple[Variant, ...], sweep: Sweep) -> tuple[Variant, ...]:
    """Each variant with each row of a sweep."""
    found = []
    for one in variants:
        for i, dose in enumerate(sweep.axis):
            row = {key: texts[i] for key, texts in sweep.keys.items()}
            found.append(Variant(f"{one.name}-{i}", one.title, one.scenario, {**one.overrides, **row}, one.name, dose))
    return tuple(found)
