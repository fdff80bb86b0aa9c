"""What is asked of every coalition: the level of an indicator, its sum, the chance of a target, the public cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from experiments.costs import public_cost
from experiments.outcomes import Array, Results, indicator_places
from experiments.scorecard import met
from sim.catalogue.loader import catalogue

Kind = Literal["level", "sum", "probability", "cost"]
MILLION_IN_100M = 100.0
COST = "public_cost"


@dataclass(frozen=True)
class Question:
    """One outcome of which each group's part is asked.

    Attributes
    ----------
    kind : `level` at the end of the year (of a flow: the year's), `sum` of a flow over all years to it,
        `probability` of a target, `cost` to the public over all years to it.
    name : indicator, target or `public_cost`.
    """

    kind: Kind
    name: str
    unit: str
    year: int
    title_en: str
    title_zh: str

    def values(self, results: Results) -> Array | None:
        """One value a run, shape (n_runs,): in `unit`; of a target whether it is met. None where a run has none."""
        if self.kind == "cost":
            return np.array([cost_to(book, self.year) for book in results.books])
        if self.kind == "probability":
            flags = met(catalogue().targets[self.name], results)
            return None if flags is None else flags.astype(np.float64)
        last = results.years.index(self.year)
        path = results.yearly[:, :, indicator_places()[self.name]]
        found: Array = path[:, : last + 1].sum(axis=1) if self.kind == "sum" else path[:, last]
        return found if np.isfinite(found).all() else None


def cost_to(book: Mapping[str, Any], year: int) -> float:
    """100 million yuan that a run's government paid or did not collect in all years to this one."""
    kept = {name: {y: v for y, v in book[name].items() if int(y) <= year} for name in ("ledger", "tax_expenditure")}
    return public_cost({**book, **kept}) / MILLION_IN_100M


def cost_question(year: int) -> Question:
    """The public cost of all years to this one."""
    return Question("cost", COST, "100m yuan", year, "Public cost", "公共成本（财政支出与税式支出）")


def indicator_question(name: str, year: int, is_sum: bool) -> Question:
    """An indicator at the end of a year; with is_sum, a flow summed over all years to it."""
    row = catalogue().indicators[name]
    kind: Kind = "sum" if is_sum and row.kind == "flow" else "level"
    return Question(kind, name, row.unit, year, row.title_en, row.title_zh)


def target_question(target: str) -> Question:
    """The chance that a target is met at its own year. Raises ValueError for a target without a year."""
    row = catalogue().targets[target]
    if row.target_year is None:
        raise ValueError(f"{target} has no year")
    return Question("probability", target, "probability", row.target_year, row.title_en, row.title_zh)


def is_testable(target: str, years: Sequence[int]) -> bool:
    """Whether runs of these years can tell if a target is met."""
    row = catalogue().targets[target]
    return row.status == "simulated" and bool(row.direction) and row.target_year in years
