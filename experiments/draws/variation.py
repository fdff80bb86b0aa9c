"""By what the runs of a study differ beside chance: replicate r takes parameter set r and driver path r, or neither.

Every scenario of a study takes the same for the same replicate: so two runs of a replicate still differ by the policy
alone. What a scenario sets itself stands: its parameters over a drawn set, its path of a driver over a drawn one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import import_module

from experiments.draws.driver_paths import LAST_YEAR, Array, forecast
from sim.agents.drivers import EXPECTED_COAL_PRICE
from sim.catalogue.loader import catalogue
from sim.core.calendar import QUARTERS_A_YEAR, quarter_number
from sim.scenario import Scenario
from sim.scenario_values import ScenarioError, decimal, outside

CENTRAL = "central"
COAL = "coal_price"
PARAMETERS = (CENTRAL, "posterior")
DRIVERS = (CENTRAL, "uncertain")
POSTERIOR = "experiments.calibration.posterior"


@dataclass(frozen=True)
class Variation:
    """What a study's replicates are drawn of.

    Attributes
    ----------
    parameters : `central`, or the name of a table of draws (`posterior`); drivers : `central` or `uncertain`.
    origin : the year after which drawn drivers begin; None: each after its last observed year.
    """

    parameters: str = CENTRAL
    drivers: str = CENTRAL
    origin: int | None = None

    @property
    def is_central(self) -> bool:
        """Whether replicates differ by chance alone."""
        return self.parameters == self.drivers == CENTRAL

    def of(self, scenario: Scenario, replicate: int, seed: int) -> Scenario:
        """The scenario as a replicate of a study with this seed runs it; with neither drawn, itself."""
        if self.is_central:
            return scenario
        return varied(
            scenario, replicate, parameters=self.parameters, drivers=self.drivers, origin=self.origin, seed=seed
        )

    def draw_id(self, replicate: int, seed: int) -> str:
        """Digest of all that a replicate takes, 24 hex digits, the same for every scenario; nothing when central.

        Its paths count to the last year that the model can run: so it is the same for a run that ends early.
        """
        return "" if self.is_central else _draw_id(self, replicate, seed)

    def digest(self, seed: int) -> str:
        """Digest of all parameter sets and of how paths are drawn (by the first): what a study's plan bears."""
        if self.is_central:
            return ""
        parts = [repr(self), self.draw_id(0, seed), _digest_of(self.parameters)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]

    def check(self) -> None:
        """Raise ScenarioError if there is nothing to draw from."""
        if self.parameters != CENTRAL:
            drawn(self.parameters, 0)
        if self.drivers != CENTRAL:
            forecast(self.origin, LAST_YEAR, 0)


AS_IT_STANDS = Variation()


@lru_cache(maxsize=65536)
def _draw_id(variation: Variation, replicate: int, seed: int) -> str:
    sets = _drawn_of(variation.parameters, replicate)
    paths = forecast(variation.origin, LAST_YEAR, replicate, seed) if variation.drivers != CENTRAL else {}
    content = [sorted(sets.items()), sorted((name, sorted(path.items())) for name, path in paths.items())]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:24]


@lru_cache(maxsize=8)
def _draws_of(name: str) -> tuple[tuple[str, ...], Array]:
    """Addresses and draws (n_draws, n_addresses) of a table. Raises ScenarioError where it has none or a wrong one."""
    found = import_module(POSTERIOR).load(name)
    for address, column in zip(found.addresses, found.values.T, strict=True):
        row = catalogue().parameter(address)
        for value in (float(column.min()), float(column.max())):
            wrong = outside(value, row.low, row.high, row.unit)
            if wrong:
                raise ScenarioError([f"parameters = {name}: {address} = {decimal(value)} {wrong}"])
    return found.addresses, found.values


def _drawn_of(parameters: str, replicate: int) -> dict[str, float]:
    return {} if parameters == CENTRAL else drawn(parameters, replicate)


def _digest_of(parameters: str) -> str:
    if parameters == CENTRAL:
        return ""
    addresses, values = _draws_of(parameters)
    return hashlib.sha256(repr(addresses).encode() + values.tobytes()).hexdigest()


def drawn(parameters: str, replicate: int) -> dict[str, float]:
    """The parameter set of a replicate, by address: row `replicate` of the table, which begins anew after its last.

    Raises ScenarioError where there is no such table, or where a value left the catalogue's range.
    """
    addresses, values = _draws_of(parameters)
    return dict(zip(addresses, map(float, values[replicate % len(values)]), strict=True))


def number_of_draws(parameters: str) -> int:
    """How many parameter sets a table has."""
    return len(_draws_of(parameters)[1])


def with_draws(
    scenario: Scenario, sets: Mapping[str, float], paths: Mapping[str, Mapping[int, float]]
) -> Scenario:  # fmt: skip
    """The scenario with a parameter set and driver paths, as far as it does not set them itself.

    The checked scenario itself is the base: nothing is composed again, and no table is read.
    """
    own = {address: value for address, value in sets.items() if value != catalogue().parameter(address).value}
    end = quarter_number(scenario.end) // QUARTERS_A_YEAR
    within = {name: {year: v for year, v in path.items() if year <= end} for name, path in paths.items()}
    driver = {**{name: path for name, path in within.items() if path}, **scenario.driver}
    if within.get(COAL) and COAL not in scenario.driver:
        driver[EXPECTED_COAL_PRICE] = within[COAL]
    return replace(scenario, mechanism={**own, **scenario.mechanism}, driver=driver)


def varied(
    scenario: Scenario, replicate: int, *, parameters: str = CENTRAL, drivers: str = CENTRAL,
    origin: int | None = None, seed: int = 1,
) -> Scenario:  # fmt: skip
    """The scenario as a replicate runs it.

    parameters : `central`, or a table of draws (`posterior`, `posterior_2014`); drivers : `central` or `uncertain`.
    origin : the last year whose drivers are known (None: as far as observed); its path begins in the year after.
    seed : that of the study, which keys the paths. Raises ScenarioError where there is nothing to draw from.
    """
    if drivers not in DRIVERS:
        raise ScenarioError([f"drivers = {drivers} must be one of {', '.join(DRIVERS)}"])
    paths = forecast(origin, LAST_YEAR, replicate, seed) if drivers != CENTRAL else {}  # cut to the scenario's end
    return with_draws(scenario, _drawn_of(parameters, replicate), paths)
