"""Public cost of a scenario against the reference, and of each unit of five outcomes, with bands over paired seeds.

Public cost is what all budget lines disbursed plus the tax not collected, summed over the years. Cost per unit is the
difference in cost over the difference in outcome. It says something only where more was spent and more was reached: it
stays empty unless both bands lie above zero, and for seeds too few to tell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from typing import Any

import numpy as np

from experiments.caution import LEAST_SEEDS
from experiments.outcomes import Array, Results
from experiments.pairs import band, paired, reference_of, whole_run
from experiments.words import Pair, head
from sim.catalogue.loader import catalogue
from sim.core.money import YUAN_PER_MILLION

OUTCOMES = ("rd_expenditure", "hnte_stock", "patents_valid_invention", "tech_contracts_total", "ind_firms_with_rd")


@dataclass(frozen=True)
class OutcomeCost:
    """One row of cost_per_outcome.csv: million yuan, the effect in the indicator's unit; None is written as nothing."""

    scenario: str
    indicator: str
    unit: str
    runs: int
    cost: float
    cost_p05: float
    cost_p95: float
    effect: float
    effect_p05: float
    effect_p95: float
    cost_per_unit: float | None
    cost_per_unit_p05: float | None
    cost_per_unit_p95: float | None


COLUMNS = tuple(f.name for f in fields(OutcomeCost))


def public_cost(book: Mapping[str, Any]) -> float:
    """Million yuan that a run's government paid or did not collect, over all years of the whole province."""
    paid = sum(amounts["disbursed"] for lines in book["ledger"].values() for amounts in lines.values())
    forgone = sum(million for taxes in book["tax_expenditure"].values() for million in taxes.values())
    return float(paid * book["scale"] / YUAN_PER_MILLION + forgone)


def _one(scenario: Results, indicator: str, cost: Array, effect: Array) -> OutcomeCost:
    mean, low, high = band(effect)
    per_unit: tuple[float | None, ...] = (None, None, None)
    spent = band(cost)
    if len(effect) >= LEAST_SEEDS and low > 0.0 and spent[1] > 0.0 and (effect > 0.0).all():
        _, p05, p95 = band(cost / effect)
        per_unit = (float(cost.mean()) / mean, p05, p95)
    return OutcomeCost(
        scenario.scenario.name, indicator, catalogue().indicators[indicator].unit, len(effect), *spent, mean, low,
        high, *per_unit,
    )  # fmt: skip


def outcome_costs(results: Sequence[Results]) -> list[OutcomeCost]:
    """Every scenario but the reference, every outcome; nothing for runs without a full year or without common seeds."""
    reference = reference_of(results)
    found = []
    for other in results:
        mine, theirs = paired(other, reference)
        if other is reference or not len(mine) or other.years != reference.years:
            continue
        spent = np.array([public_cost(book) for book in other.books])
        spent_there = np.array([public_cost(book) for book in reference.books])
        for indicator in OUTCOMES:
            here, there = whole_run(other, indicator), whole_run(reference, indicator)
            if here is not None and there is not None:
                found.append(_one(other, indicator, spent[mine] - spent_there[theirs], here[mine] - there[theirs]))
    return found


def cost_cells(one: OutcomeCost) -> Sequence[object]:
    """The values of a row of cost_per_outcome.csv."""
    return astuple(one)


def _heads(results: Results) -> Pair:
    return head(results.scenario.title_en), head(results.scenario.title_zh)


def cost_view(results: Sequence[Results], costs: Sequence[OutcomeCost]) -> list[dict[str, Any]]:
    """For the report: scenarios with their cost and the five outcomes beside it."""
    known = catalogue().indicators
    return [
        {"scenario": one.scenario, "head": _heads(one), "rows": rows, "titles": [known[row.indicator] for row in rows]}
        for one in results
        if (rows := [row for row in costs if row.scenario == one.scenario.name])
    ]
