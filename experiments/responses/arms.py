"""Arms of an experiment: the steady world of 2017 with doses, parameters or drivers changed from a quarter on.

The base is scenario steady_2017. Its instruments keep the money that they have in 2018, in yuan: one of them can be
changed without moving the money of the others. Everything is held for four years, after seven years of history; the
change comes in T0. Longer would leave the years for which scenarios are made, so that nothing could be read eight years
on; where an effect has to be followed to its end, an arm goes on beyond them with drivers that grow as they did last.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from experiments.compose import load_scenario
from sim.agents.drivers import yearly
from sim.catalogue.loader import catalogue
from sim.core.calendar import quarter_number
from sim.scenario import FISCAL_KEY, Scenario
from sim.scenario_reading import Dose, LeverSetting, Phase

BASE = "steady_2017"
FROM = "2018Q1"  # the steady world begins
T0 = "2022Q1"  # what is tried begins
FIRST = 2022
SHORT = (2022, 2023)  # one and two years on
LONG = (2027, 2028, 2029)  # six to eight years on
Pairs = tuple[tuple[str, float | str], ...]


@dataclass(frozen=True)
class Arm:
    """What differs from the steady base; can be a key.

    changes : quarter -> doses by lever.dose, from then on; whole : doses of the whole run; parameters : by address;
    drivers : series, year, value; base : a scenario of its own instead of the steady one; last_year : in which the run
    ends, where that is later than the base.
    """

    changes: tuple[tuple[str, Pairs], ...] = ()
    whole: Pairs = ()
    parameters: tuple[tuple[str, float], ...] = ()
    drivers: tuple[tuple[str, int, float], ...] = ()
    base: str = BASE
    last_year: int = 0

    def since(self, quarter: str, doses: Mapping[str, float | str]) -> Arm:
        """With other doses from a quarter on, after all quarters that were given so far."""
        return replace(self, changes=(*self.changes, (quarter, tuple(doses.items()))))

    def always(self, doses: Mapping[str, float | str]) -> Arm:
        """With other doses in the whole run, history included."""
        return replace(self, whole=(*self.whole, *doses.items()))

    def where(self, parameters: Mapping[str, float]) -> Arm:
        """With other parameters, for the whole run."""
        return replace(self, parameters=(*self.parameters, *parameters.items()))

    def until(self, year: int) -> Arm:
        """With a run that ends with a later year."""
        return replace(self, last_year=year)

    def times(self, series: str, factor: float, years: range) -> Arm:
        """With a driver multiplied in some years."""
        path = _driver(self.base, series, years[-1])
        return replace(self, drivers=(*self.drivers, *((series, year, path[year] * factor) for year in years)))


STEADY = Arm()


def _driver(base: str, series: str, last_year: int) -> Mapping[int, float]:
    return yearly(catalogue(), series, last_year, _base(base).driver.get(series))


@lru_cache(maxsize=8)
def _base(name: str) -> Scenario:
    """A scenario by its name; the steady one with its money in yuan."""
    found = load_scenario(name)
    if name != BASE:
        return found
    last = found.phases[-1]
    held = {lever: _held(found, lever, setting) for lever, setting in last.lever.items()}
    return replace(found, phases=(*found.phases[:-1], Phase(last.first, held)))


def _held(scenario: Scenario, lever: str, setting: LeverSetting) -> LeverSetting:
    """A lever with the money that it has in the first steady quarter."""
    year, quarter = int(FROM[:4]), int(FROM[-1])
    doses: dict[str, Dose] = {
        dose: scenario.dose_value(lever, dose, year, quarter) if value == FISCAL_KEY else value
        for dose, value in setting.doses.items()
    }
    return replace(setting, doses=doses)


@lru_cache(maxsize=512)
def scenario_of(arm: Arm, k: int = 1) -> Scenario:
    """The scenario of an arm at scale k. Raises KeyError for an unknown lever, dose, parameter or series."""
    base = _base(arm.base)
    phases = [Phase(phase.first, _with(phase.lever, dict(arm.whole))) for phase in base.phases]
    for quarter, doses in arm.changes:
        phases.append(_changed(phases[-1], quarter, dict(doses)))
    driver = {series: dict(years) for series, years in base.driver.items()}
    for series, year, value in arm.drivers:
        catalogue().observed[series]  # KeyError for a series that does not exist
        driver.setdefault(series, {})[year] = value
    for address, _ in arm.parameters:
        catalogue().parameters[address]
    mechanism = {**base.mechanism, **dict(arm.parameters)}
    end = f"{arm.last_year}Q4" if arm.last_year else base.end
    for series in base.driver if arm.last_year else ():
        _go_on(driver[series], arm.last_year)
    return replace(base, name="response", k=k, end=end, phases=tuple(phases), mechanism=mechanism, driver=driver)


def _go_on(path: dict[int, float], last_year: int) -> None:
    """Let a path go on to a year by its last growth, in place."""
    for year in range(max(path) + 1, last_year + 1):
        path[year] = path[year - 1] ** 2 / path[year - 2]


def _changed(before: Phase, quarter: str, doses: Mapping[str, Dose]) -> Phase:
    """The levers of a phase with other doses, from a quarter on."""
    return Phase(quarter_number(quarter), _with(before.lever, doses))


def _with(levers: Mapping[str, LeverSetting], doses: Mapping[str, Dose]) -> dict[str, LeverSetting]:
    """Settings of levers with other doses. Raises KeyError for a lever or dose that does not exist."""
    found = dict(levers)
    for address, value in doses.items():
        lever, _, dose = address.partition(".")
        found[lever].doses[dose]
        found[lever] = replace(found[lever], doses={**found[lever].doses, dose: value})
    return found


def dose_of(arm: Arm, address: str, year: int = FIRST) -> float:
    """A dose of an arm in the first quarter of a year, money in million yuan a year."""
    lever, _, dose = address.partition(".")
    return scenario_of(arm).dose_value(lever, dose, year, 1)
