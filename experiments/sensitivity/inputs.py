"""The inputs that are varied: every parameter and dose with a range in the catalogue, as a key with that range.

A range is even in the number, or in its logarithm where its top is ten times its bottom or more: such ranges say that
only the order of magnitude is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from experiments.designs import Range
from experiments.titles.parameters import in_part
from sim.catalogue.loader import catalogue
from sim.scenario_values import ScenarioError, nearest, shown

PARAMETERS, LEVERS = "parameters", "levers"
KINDS = (PARAMETERS, LEVERS)
ORDER_OF_MAGNITUDE = 10.0


@dataclass(frozen=True)
class Input:
    """One key that is varied, with its titles, unit and range."""

    key: str
    title_en: str
    title_zh: str
    unit: str
    span: Range

    @property
    def address(self) -> str:
        """The key without the word that says which tree it stands in."""
        return self.key.partition(".")[2]


def span_of(low: float, high: float) -> Range:
    """The range of a row of the catalogue; even in the logarithm from ORDER_OF_MAGNITUDE on."""
    return Range(low, high, low > 0.0 and high >= ORDER_OF_MAGNITUDE * low)


def inputs_of(kinds: Iterable[str]) -> tuple[Input, ...]:
    """All inputs of some KINDS, in the order of the catalogue; rows whose range is one number are left out."""
    cat, found = catalogue(), list[Input]()
    if PARAMETERS in kinds:
        for row in cat.parameters.values():
            if row.low < row.high:
                span = span_of(row.low, row.high)
                found.append(Input(f"mechanism.{row.address}", *in_part(row.address), row.unit, span))
    if LEVERS in kinds:
        for dose in cat.doses.values():
            lever = cat.levers[dose.lever]
            en, zh = f"{lever.title_en}: {dose.title_en}", f"{lever.title_zh}：{dose.title_zh}"
            if dose.low < dose.high:
                found.append(Input(f"lever.{dose.address}", en, zh, dose.unit, span_of(dose.low, dose.high)))
    return tuple(found)


def named(keys: Sequence[str]) -> tuple[Input, ...]:
    """The inputs of these keys, in their order. Raises ScenarioError for a key without a range in the catalogue."""
    known = {one.key: one for one in inputs_of(KINDS)}
    for key in keys:
        if key not in known:
            told = f"override: {shown(key)} is no parameter or dose with a range.{nearest(key, list(known))}"
            raise ScenarioError([told])
    return tuple(known[key] for key in keys)
