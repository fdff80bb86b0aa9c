"""Tile maps of the cities: what the reference leaves in each, and how far every other scenario differs from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from experiments.figures.tiles import NO_TINT, Tile, change_fill, level_fill, tile_map
from experiments.number_texts import amount, signed
from experiments.outcomes import Results, categories
from experiments.pairs import reference_of, whole_run
from experiments.winners import LEAST_NAMED, Difference, group_words
from experiments.words import Pair
from sim.catalogue.loader import catalogue

MAPPED = ("rd_performed_by_firms", "hnte_stock", "firm_support")
Names = Mapping[str, Pair]


def _levels(reference: Results, indicator: str) -> dict[str, Tile]:
    """Tiles of the reference: means over the runs."""
    unit = catalogue().indicators[indicator].unit
    means = {
        city: float(values.mean())
        for city in categories("city")
        if (values := whole_run(reference, indicator, f"city={city}")) is not None
    }
    most = max(means.values(), default=0.0)
    return {city: Tile(amount(value, unit), level_fill(value, most)) for city, value in means.items()}


def _changes(rows: Sequence[Difference]) -> dict[str, Tile]:
    """Tiles of a scenario: percent where the reference has something in every seed, else the difference itself."""
    found = {}
    for one in rows:
        if one.percent is None:
            text, tint = (signed(one.difference, 1), one.difference)
        else:
            text, tint = f"{signed(one.percent, 1)}%", one.percent
        is_sure = one.is_beyond_chance and (one.percent is None or abs(one.percent) >= LEAST_NAMED)
        found[one.group] = Tile(text, change_fill(tint) if is_sure and one.percent is not None else NO_TINT, is_sure)
    return found


def city_view(results: Sequence[Results], differences: Sequence[Difference]) -> list[dict[str, Any]]:
    """For the report: by indicator the map of the reference and those of the other scenarios; without years nothing."""
    reference = reference_of(results)
    names = {city: group_words("city", city) for city in categories("city")}
    view = []
    for indicator in MAPPED:
        levels = _levels(reference, indicator)
        if not levels:
            continue
        others = []
        for one in results:
            rows = [
                row
                for row in differences
                if (row.scenario, row.dimension, row.indicator) == (one.scenario.name, "city", indicator)
            ]
            if rows:
                others.append({"scenario": one.scenario, "svg": tile_map(_changes(rows), names)})
        row = catalogue().indicators[indicator]
        view.append({"row": row, "is_sum": row.kind == "flow", "svg": tile_map(levels, names), "others": others})
    return view
