"""The observed series of outcomes that the model is judged on, with the error of each point.

Drivers are left out: a run is given them. An observation's error is the standard error of its confidence class, as in
the fit (calibration/errors.csv, assumed); what the model leaves out of a series on purpose is no part of it here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from experiments.calibration import targets
from experiments.scorecard import unit_factor
from sim.catalogue.loader import catalogue
from sim.catalogue.rows import IndicatorRow

STOCK, CONTRACTS, OTHER = "stock", "contracts", "other"
FIRST_YEAR, LAST_YEAR = 2011, 2017
CONTRACT_VALUES = "tech_contracts_"


@dataclass(frozen=True)
class Series:
    """One outcome that was observed.

    Attributes
    ----------
    values, errors : by year, in the indicator's unit and in log points; years from 2010 on, values above zero only.
    group : stock, contracts or other: which bar of band width holds.
    is_fitted : whether the fit is held against it.
    """

    indicator: str
    title_en: str
    title_zh: str
    unit: str
    group: str
    values: Mapping[int, float]
    errors: Mapping[int, float]
    is_fitted: bool

    def years(self, first: int, last: int) -> list[int]:
        """Years with an observation from first to last."""
        return [year for year in self.values if first <= year <= last]


def factor_of(ours: str, seen: str) -> float:
    """What an observed value is multiplied with to stand in the indicator's unit.

    Statistics name one count by several words (platform, unit), which are taken as one.
    """
    units = catalogue().units
    counts = all(unit in units and units[unit].factor == 1.0 for unit in (ours, seen))
    return 1.0 if ours == seen or counts else unit_factor(seen, ours)


def group_of(row: IndicatorRow) -> str:
    """The group of band widths of an indicator: values of contracts jump with a few large ones."""
    if row.indicator.startswith(CONTRACT_VALUES):
        return CONTRACTS
    return STOCK if row.kind == STOCK else OTHER


def outcomes() -> dict[str, IndicatorRow]:
    """Indicators with an observed series that no run is given, by name."""
    cat = catalogue()
    return {
        name: row
        for name, row in cat.indicators.items()
        if row.observed and row.good != "none" and row.observed not in cat.driver_rules
    }


@lru_cache(maxsize=1)
def observed_series() -> tuple[Series, ...]:
    """All outcomes with a value in 2011-2017, in the catalogue's order."""
    cat, errors = catalogue(), targets.errors()
    fitted = {one.indicator for one in targets.load() if one.since is None and not one.category}
    found = []
    for name, row in outcomes().items():
        rows = [one for one in cat.series_rows(row.observed) if one.value > 0.0 and one.year <= LAST_YEAR]
        factor = factor_of(row.unit, cat.series_rows(row.observed)[0].unit)
        values = {one.year: one.value * factor for one in sorted(rows, key=lambda one: one.year)}
        if any(year >= FIRST_YEAR for year in values):
            seen = {one.year: errors[one.confidence] for one in rows}
            title = (row.title_en, row.title_zh, row.unit)
            found.append(Series(name, *title, group_of(row), values, seen, name in fitted))
    return tuple(found)
