"""Who gains and who loses: paired differences to the reference by city, sector, size class and ownership.

A flow is summed over the years of the run, a stock is that of its end. A group gains in a seed when its value is above
that of the reference in the same seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from typing import Any

from experiments.caution import LEAST_SEEDS
from experiments.outcomes import PROVINCE, Results, categories
from experiments.pairs import band, beyond_chance, paired, reference_of, whole_run
from experiments.words import DIMENSIONS, GROUPS, Pair
from sim.catalogue.loader import catalogue

HEADLINES = ("rd_performed_by_firms", "hnte_stock", "firm_patent_applications", "ind_newproduct_sales", "firm_support")
MOST_NAMED = 3
LEAST_NAMED = 0.1  # %: what is smaller is not worth a name


@dataclass(frozen=True)
class Difference:
    """One row of winners.csv: a group's value in the reference and the difference, in the indicator's unit.

    In percent the difference is that of the means, its band that of the seeds, each over the reference in its seed;
    None where the reference has nothing in some seed.
    """

    scenario: str
    dimension: str
    group: str
    indicator: str
    unit: str
    runs: int
    reference_mean: float
    difference: float
    difference_p05: float
    difference_p95: float
    gain_share: float
    percent: float | None
    percent_p05: float | None
    percent_p95: float | None

    @property
    def is_beyond_chance(self) -> bool:
        """Whether nearly all seeds agree on who is ahead, and are too many for that to be luck."""
        return self.runs >= LEAST_SEEDS and beyond_chance(self.difference_p05, self.difference_p95)

    @property
    def tint(self) -> str:
        """The colour of the report's cell: gain, loss, or none where it cannot be told from chance."""
        return ("gain" if self.difference_p05 > 0.0 else "loss") if self.is_beyond_chance else ""


COLUMNS = tuple(f.name for f in fields(Difference))


def groups() -> list[tuple[str, str]]:
    """(dimension, group) of all groups, the province first with an empty name."""
    return [("", PROVINCE)] + [(dimension, label) for dimension in DIMENSIONS for label in categories(dimension)]


def _difference(
    other: Results, reference: Results, dimension: str, label: str, indicator: str
) -> Difference | None:  # fmt: skip
    name = f"{dimension}={label}" if dimension else PROVINCE
    mine, theirs = paired(other, reference)
    here, there = whole_run(other, indicator, name), whole_run(reference, indicator, name)
    if here is None or there is None or not len(mine) or other.years != reference.years:
        return None
    change = here[mine] - there[theirs]
    row, base = catalogue().indicators[indicator], there[theirs]
    percent: tuple[float | None, ...] = (None, None, None)
    if (base > 0.0).all():
        percent = (100.0 * float(change.mean() / base.mean()), *band(100.0 * change / base)[1:])
    ahead = change < 0.0 if row.good == "down" else change > 0.0
    return Difference(
        other.scenario.name, dimension, label, indicator, row.unit, len(change), float(base.mean()),
        *band(change), float(ahead.mean()), *percent,
    )  # fmt: skip


def differences(results: Sequence[Results]) -> list[Difference]:
    """Every scenario but the reference, every group, every headline that the group has."""
    reference = reference_of(results)
    return [
        found
        for other in results
        if other is not reference
        for dimension, label in groups()
        for indicator in HEADLINES
        if (found := _difference(other, reference, dimension, label, indicator)) is not None
    ]


def difference_cells(one: Difference) -> Sequence[object]:
    """The values of a row of winners.csv."""
    return astuple(one)


def group_words(dimension: str, label: str) -> Pair:
    """A group's name in both languages."""
    cat = catalogue()
    names: dict[str, Pair] = {row.city: (row.city, row.name_zh) for row in cat.cities}
    names |= {row.sector: (row.name_en, row.name_zh) for row in cat.sectors}
    return names[label] if dimension in ("city", "sector") else GROUPS[label]


def _named(rows: Sequence[Difference], sign: int) -> list[tuple[Pair, float]]:
    """Cities and sectors that are ahead (sign 1) or behind (-1) in nearly all seeds, the furthest first, in %."""
    found = [
        (group_words(one.dimension, one.group), one.percent)
        for one in rows
        if one.dimension in ("city", "sector") and one.percent is not None and one.is_beyond_chance
        if sign * one.percent >= LEAST_NAMED
    ]
    return sorted(found, key=lambda pair: -sign * pair[1])[:MOST_NAMED]


def winner_view(results: Sequence[Results], found: Sequence[Difference]) -> list[dict[str, Any]]:
    """For the report: scenarios, each with its furthest winners and losers and one line a group."""
    view = []
    for other in results:
        rows = [one for one in found if one.scenario == other.scenario.name]
        if not rows:
            continue
        by = {(one.dimension, one.group, one.indicator): one for one in rows}
        blocks = [
            {
                "dimension": DIMENSIONS[dimension],
                "lines": [
                    {"name": group_words(dimension, label), "cells": [by.get((dimension, label, i)) for i in HEADLINES]}
                    for label in categories(dimension)
                ],
            }
            for dimension in DIMENSIONS
        ]
        ranked = [
            {"row": catalogue().indicators[i], "gain": _named(mine, 1), "lose": _named(mine, -1)}
            for i in HEADLINES
            if (mine := [one for one in rows if one.indicator == i])
        ]
        view.append(
            {
                "scenario": other.scenario,
                "province": [by.get(("", PROVINCE, i)) for i in HEADLINES],
                "blocks": blocks,
                "ranked": ranked,
                "runs": rows[0].runs,
            }
        )
    return view
