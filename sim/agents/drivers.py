"""Exogenous paths by quarter: observed series, and beyond them the named rule of catalogue/observed/driver_rules.csv.

Within a year a series moves with the slope of the last year, v_y + (v_y - v_{y-1}) (q - 1.5) / 4: the mean of the four
quarters is the year's value, and no quarter knows a later year. Residents are counted at the end of the year: each
quarter ends on the line between two year ends of one series. When a year falls to
less than a third of the one before, the slope of what cannot be negative is held, so that every quarter is positive.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from sim.catalogue.loader import Catalogue
from sim.catalogue.tables import CatalogueError
from sim.core.calendar import QUARTERS_A_YEAR, Calendar

FIRST_YEAR = 2010
SMOOTH = (
    "ind_revenue",
    "ind_profit_margin",
    "coal_price",
    "gdp_published",
    "gdp_revised",
    "gdp_deflator",
)
STEPPED = ("patent_office_throughput", "fiscal_st_expenditure")
EXPECTED_COAL_PRICE = "coal_price_expected"  # an override that no user can give: what drawn margins go with
SIGNED = ("ind_profit_margin",)  # may be negative
Overrides = Mapping[str, Mapping[int, float]]  # series -> year -> value of a scenario


def yearly(
    cat: Catalogue, driver: str, last_year: int, overrides: Mapping[int, float] | None = None
) -> dict[int, float]:
    """Values of a driver for 2010..last_year (or longer): observed, interpolated between observed years, then its rule.

    Parameters
    ----------
    overrides : year -> value of a scenario, in the driver's unit; they win over observation and rule.
    """
    return dict(_path(cat, driver, last_year, tuple(sorted((overrides or {}).items()))))


@lru_cache(maxsize=1024)  # levers ask for the same path in every quarter of every run
def _path(cat: Catalogue, driver: str, last_year: int, overrides: tuple[tuple[int, float], ...]) -> Mapping[int, float]:
    known = dict(cat.series(driver)) | dict(overrides)
    first, last = min(known), max(known)
    years = sorted(known)
    levels = [known[year] for year in years]
    values = {year: float(np.interp(year, years, levels)) for year in range(first, last + 1)}
    for year in range(FIRST_YEAR, first):
        values[year] = values[first]
    for year in range(last + 1, last_year + 1):
        values[year] = _continued(cat, driver, year, values)
    return values


def _continued(cat: Catalogue, driver: str, year: int, values: Mapping[int, float]) -> float:
    rule = cat.driver_rules[driver]
    word, _, argument = rule.rule.partition(":")
    if word == "hold_last":
        return values[year - 1]
    if word == "grow":
        return values[year - 1] * (1.0 + (rule.value or 0.0) / 100.0)
    if word == "level":
        return float(rule.value or 0.0)
    if word == "mean_last":
        last_observed = max(cat.series(driver))
        years = range(last_observed - int(argument) + 1, last_observed + 1)
        return sum(values[y] for y in years) / len(years)
    if word == "with_series":
        other = yearly(cat, argument, year)
        return values[year - 1] * other[year] / other[year - 1]
    raise CatalogueError(f"driver_rules.csv: {driver}: unknown rule {rule.rule!r}")


def _population(cat: Catalogue, calendar: Calendar, overrides: Overrides) -> npt.NDArray[np.float64]:
    """Residents at the end of each quarter as they stood in their day: the first series, after 2019 that of the census.

    The census of 2020 lowered the level by 6 %: the step falls between two year ends, never into a year's slope.
    """
    path = np.empty(calendar.n_quarters)
    names = ("population_published", "population_revised")
    old, new = (yearly(cat, name, calendar.last // QUARTERS_A_YEAR, overrides.get(name)) for name in names)
    change = max(cat.series(names[0]))
    for q in range(calendar.n_quarters):
        year, part = divmod(calendar.first + q, QUARTERS_A_YEAR)
        values = old if year <= change else new
        before = values.get(year - 1, values[year])
        path[q] = before + (values[year] - before) * (part + 1) / QUARTERS_A_YEAR
    return path


def _smooth(values: Mapping[int, float], calendar: Calendar, is_signed: bool = False) -> npt.NDArray[np.float64]:
    path = np.empty(calendar.n_quarters)
    for q in range(calendar.n_quarters):
        year, part = divmod(calendar.first + q, QUARTERS_A_YEAR)
        slope = values[year] - values.get(year - 1, values[year])
        if not is_signed:
            slope = max(slope, -2.0 * values[year])
        path[q] = values[year] + slope * (part - 1.5) / QUARTERS_A_YEAR
    return path


def _stepped(values: Mapping[int, float], calendar: Calendar) -> npt.NDArray[np.float64]:
    return np.array([values[(calendar.first + q) // QUARTERS_A_YEAR] for q in range(calendar.n_quarters)])


def _law(cat: Catalogue, calendar: Calendar, known_to: int | None) -> dict[str, npt.NDArray[np.float64]]:
    """Dated national law by quarter: extra deduction by class, certificate thresholds by sales band."""
    years = [(calendar.first + q) // QUARTERS_A_YEAR for q in range(calendar.n_quarters)]
    years = [min(year, known_to or year) for year in years]
    rates = {f"deduction_{c}": [cat.rule("super_deduction_rate", y, c) for y in years]
             for c in ("all", "tech_sme", "manufacturing")}  # fmt: skip
    classes = {"small": "sales_below_50m", "middle": "sales_50m_to_200m", "large": "sales_above_200m"}
    bands = {f"threshold_{c}": [cat.rule("hnte_rd_sales_threshold", y, k) for y in years] for c, k in classes.items()}
    return {name: np.array(values) for name, values in (rates | bands).items()}


def driver_paths(
    cat: Catalogue, calendar: Calendar, overrides: Overrides, known_to: int | None = None
) -> dict[str, npt.NDArray[np.float64]]:
    """Every driver as an array of shape (n_quarters,); yearly rates for flows; base values of 2010 as `<name>_2010`.

    known_to : the year whose law stays in force afterwards; None: the law as it came. The arrays are shared between
    runs and cannot be written.
    """
    own = tuple((name, tuple(sorted(years.items()))) for name, years in sorted(overrides.items()))
    return dict(_paths(cat, calendar.first, calendar.last, own, known_to))


@lru_cache(maxsize=64)  # runs of a scenario differ by the seed alone
def _paths(
    cat: Catalogue,
    first: int,
    last: int,
    own: tuple[tuple[str, tuple[tuple[int, float], ...]], ...],
    known_to: int | None,
) -> Mapping[str, npt.NDArray[np.float64]]:
    calendar, overrides = Calendar(first, last), {name: dict(years) for name, years in own}
    last_year = last // QUARTERS_A_YEAR
    paths: dict[str, npt.NDArray[np.float64]] = {}
    for name in SMOOTH + STEPPED:
        values = yearly(cat, name, last_year, overrides.get(name))
        paths[name] = _smooth(values, calendar, name in SIGNED) if name in SMOOTH else _stepped(values, calendar)
        paths[f"{name}_2010"] = np.full(calendar.n_quarters, values[FIRST_YEAR])
    paths["population"] = _population(cat, calendar, overrides)
    # a coal price that is drawn together with the margin is in it already: nothing is passed on twice
    expected = overrides.get(EXPECTED_COAL_PRICE, {})
    paths["coal_price_observed"] = _smooth(yearly(cat, "coal_price", last_year, expected), calendar)
    paths |= _law(cat, calendar, known_to)
    for path in paths.values():
        path.setflags(write=False)
    return paths
