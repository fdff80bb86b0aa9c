"""Paths that the drivers may take after a year, drawn from how they moved before it: an ensemble keyed by replicate.

A driver's change (of its logarithm; of the value itself for a margin or a rate) is a drift and a departure from it. The
departures of a year are one weighted sum of the departures of the observed years, the same weights for all drivers: so
coal, revenue and margin fall together as they did. Each replicate has its own drift and its own spread, as uncertain
as so few years leave them (a Student distribution). The mean change is shrunk towards none; margins and rates return
to their mean. A driver that follows another (driver_rules.csv) takes that one's change where it was observed, with its
own departure from it; two series of one thing move alike.

What this cannot know: seven changes hold one boom and one slump, of which nothing says how long they last or how often
they come. Changes are taken as independent from year to year, and a kind of year that was never seen has no path.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sim.catalogue.loader import catalogue
from sim.catalogue.rows import Parameter
from sim.catalogue.tables import keyed, read_table
from sim.core.calendar import QUARTERS_A_YEAR, quarter_number
from sim.scenario_reading import LAST_QUARTER
from sim.scenario_values import ScenarioError

Array = npt.NDArray[np.float64]
TABLE = Path(__file__).parent / "ensemble.csv"
KEY = 0x64726976  # first word of the generator's key ("driv"): its draws are no draws of the model
FIRST_YEAR = 2010
LAST_YEAR = quarter_number(LAST_QUARTER) // QUARTERS_A_YEAR
FEWEST_CHANGES = 3  # below this a spread is guessed, not estimated
Path_ = Mapping[int, float]


@dataclass(frozen=True)
class Form:
    """How a driver is drawn.

    Attributes
    ----------
    is_level : its changes are differences and it returns to its mean; else changes of the logarithm with a drift.
    follows : the series whose observed changes it takes with departures of its own.
    same_as : the series that it is another count of: it has no departures.
    """

    is_level: bool = False
    follows: str = ""
    same_as: str = ""


FORMS: Mapping[str, Form] = {  # every driver that the model reads, each after what it leans on
    "gdp_revised": Form(),
    "gdp_published": Form(same_as="gdp_revised"),
    "gdp_deflator": Form(),
    "coal_price": Form(follows="bohai_rim_coal_price"),
    "ind_revenue": Form(follows="gdp_revised"),
    "ind_profit_margin": Form(is_level=True),
    "patent_office_throughput": Form(is_level=True),
    "fiscal_st_expenditure": Form(),
    "population_published": Form(),
    "population_revised": Form(same_as="population_published"),
}


@dataclass(frozen=True)
class Fitted:
    """What the years to the origin say of a driver's changes.

    Attributes
    ----------
    mean : yearly drift, shrunk (0 for what returns); level : what a margin or rate returns to.
    departures : year of the fit -> departure from the mean of the changes.
    """

    mean: float
    level: float
    departures: Mapping[int, float]

    @property
    def spread(self) -> float:
        """Standard deviation of the departures, with one year less than there are."""
        return math.sqrt(sum(d * d for d in self.departures.values()) / (len(self.departures) - 1))


@cache
def numbers() -> Mapping[str, Parameter]:
    """Rows of ensemble.csv by address."""
    return keyed(TABLE, read_table(TABLE, Parameter), "address")


def number(address: str) -> float:
    """A number of the ensemble."""
    return numbers()[address].value


def observed(series: str, origin_year: int) -> dict[int, float]:
    """Values of a series to the origin's year, straight lines between years that were not observed."""
    known = {year: value for year, value in catalogue().series(series).items() if year <= origin_year}
    if not known:
        return {}
    years = sorted(known)
    levels = [known[year] for year in years]
    return {year: float(np.interp(year, years, levels)) for year in range(years[0], years[-1] + 1)}


def _changes(values: Path_, form: Form) -> dict[int, float]:
    """Changes from the year before, by year: differences of a level, else of the logarithm."""
    both = [year for year in sorted(values) if year - 1 in values]
    if form.is_level:
        return {year: values[year] - values[year - 1] for year in both}
    return {year: math.log(values[year] / values[year - 1]) for year in both}


@lru_cache(maxsize=256)
def fitted(driver: str, origin_year: int, against: str = "") -> Fitted:
    """The fit of a driver's changes to years up to the origin; against a series: of what it does beyond that one.

    Raises ScenarioError where fewer than FEWEST_CHANGES changes are known.
    """
    form, values = FORMS[driver], observed(driver, origin_year)
    changes = _changes(values, form)
    if against:
        other = _changes(observed(against, origin_year), Form())
        changes = {year: change - other[year] for year, change in changes.items() if year in other}
    if len(changes) < FEWEST_CHANGES:
        raise ScenarioError([f"drivers: {driver} has {len(changes)} known changes up to {origin_year};"
                             f" paths need {FEWEST_CHANGES} or more"])  # fmt: skip
    if form.is_level:
        level, back = sum(values.values()) / len(values), number("ensemble.return_y")
        return Fitted(0.0, level, {y: c - back * (level - values[y - 1]) for y, c in changes.items()})
    mean = sum(changes.values()) / len(changes)
    shrunk = 0.0 if against else mean * len(changes) / (len(changes) + number("ensemble.years_without_drift"))
    return Fitted(shrunk, 0.0, {year: change - mean for year, change in changes.items()})


@dataclass(frozen=True)
class _Draws:
    """Standard normal draws of a replicate, all that its paths are made of.

    Attributes
    ----------
    weights : year, year of a fit -> weight of that year's departures; spread : what chi-square draws sum up, in order.
    drift : driver -> how far its drift lies from the fitted one, in standard errors.
    """

    weights: Array
    spread: Array
    drift: Mapping[str, float]

    def scale(self, freedom: int) -> float:
        """What a spread of so many degrees of freedom is multiplied by: makes normal draws Student's."""
        return math.sqrt(freedom / float(np.sum(self.spread[:freedom] ** 2)))

    def change(self, driver: str, fit: Fitted, year: int) -> float:
        """Drift and departure of a year; of what returns, the departure alone."""
        n = len(fit.departures)
        row = self.weights[year - FIRST_YEAR]
        departure = sum(row[y - FIRST_YEAR] * d for y, d in fit.departures.items()) / math.sqrt(n - 1)
        error = fit.spread / math.sqrt(n + number("ensemble.years_without_drift"))
        drift = 0.0 if FORMS[driver].is_level else error * self.drift[driver]
        return fit.mean + self.scale(n - 1) * (drift + float(departure))


@lru_cache(maxsize=4096)
def _draws(replicate: int, seed: int) -> _Draws:
    """The draws of a replicate: the same whatever the origin and the end, so that a longer path begins as a shorter."""
    generator = np.random.Generator(np.random.Philox(key=np.array([KEY << 32 | seed, replicate], np.uint64)))
    n = LAST_YEAR - FIRST_YEAR + 1
    weights, spread = generator.standard_normal((n, n)), generator.standard_normal(n)
    return _Draws(weights, spread, {name: float(generator.standard_normal()) for name in FORMS})


def forecast(
    origin_year: int | None, end_year: int, replicate: int, seed: int = 1
) -> dict[str, dict[int, float]]:  # fmt: skip
    """One path of every driver that the model reads: driver -> year -> value in the driver's unit.

    Years begin after the last that was observed up to the origin, and end with end_year; drivers that were observed as
    long are not in it. Nothing after the origin is read (None: all that was observed counts). Two calls with the same
    arguments give the same numbers. Raises ScenarioError where the origin leaves too few years.
    """
    paths = {driver: dict(path) for driver, path in _forecast(origin_year, end_year, replicate, seed).items()}
    return {driver: path for driver, path in paths.items() if path}


@lru_cache(maxsize=4096)  # asked for by every scenario of a study
def _forecast(origin_year: int | None, end_year: int, replicate: int, seed: int) -> Mapping[str, Path_]:
    origin, draws = LAST_YEAR if origin_year is None else origin_year, _draws(replicate, seed)
    found: dict[str, Path_] = {}
    values: dict[str, dict[int, float]] = {}
    for driver, form in FORMS.items():
        known = values[driver] = observed(driver, origin)
        first = max(known) + 1
        for year in range(first, end_year + 1):
            known[year] = _next(driver, form, year, origin, values, draws)
        found[driver] = {year: known[year] for year in range(first, end_year + 1)}
    return found


def _next(
    driver: str, form: Form, year: int, origin: int, values: Mapping[str, Path_], draws: _Draws
) -> float:  # fmt: skip
    """A driver's value in a year, from the year before and what it leans on."""
    before = values[driver][year - 1]
    if form.same_as:
        other = values[form.same_as]
        return before * other[year] / other[year - 1]
    if form.is_level:
        fit = fitted(driver, origin)
        value = before + number("ensemble.return_y") * (fit.level - before) + draws.change(driver, fit, year)
        return min(max(value, number(f"{driver}.lowest")), number(f"{driver}.highest"))
    led = _changes(observed(form.follows, origin), Form()).get(year) if form.follows else None
    change = draws.change(driver, fitted(driver, origin, form.follows if led is not None else ""), year)
    most = number("ensemble.largest_change")
    return before * math.exp(min(max(change + (led or 0.0), -most), most))
