"""The Mesa model: build the world, step a quarter, run; `simulate(scenario, seed)` is the one door."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.agents.alliance import Alliance
from sim.agents.centre import TechCentre
from sim.agents.drivers import driver_paths
from sim.agents.firm import Firm
from sim.agents.government import Government
from sim.agents.institute import ResearchInstitute
from sim.agents.intermediary import Intermediary
from sim.agents.population import build_world
from sim.agents.population_public import FIRST_INSTITUTE, FIRST_UNIVERSITY
from sim.agents.university import University
from sim.agents.world import World
from sim.catalogue.loader import catalogue
from sim.core.calendar import Calendar, quarter_text
from sim.core.column_model import ColumnModel
from sim.core.streams import Draws
from sim.indicators import measure
from sim.levers.base import active_levers, close_lines
from sim.scenario import Scenario
from sim.schedule import SCHEDULE, Step

if TYPE_CHECKING:
    import pandas as pd

logging.getLogger("MESA").setLevel(logging.WARNING)
KINDS = {
    "firm": Firm,
    "university": University,
    "institute": ResearchInstitute,
    "centre": TechCentre,
    "alliance": Alliance,
    "intermediary": Intermediary,
    "government": Government,
}
# a firm that a researcher adds has a uid above every entrant's
FIRST_UID = {
    "firm": 1_000_000_000,
    "university": FIRST_UNIVERSITY,
    "institute": FIRST_INSTITUTE,
}
MEASURE_BEFORE = "grow_firms"  # growth sets the sales of the next quarter, and who leaves still counts in this one


class RunError(RuntimeError):
    """The model left its domain (a value is not finite, the books do not close): names quarter and step."""


@dataclass(frozen=True)
class Outcome:
    """What a run leaves.

    Attributes
    ----------
    quarterly : float64, shape (n_quarters, n_indicators), in the order of the catalogue's indicators.
    groups : (indicator, dimension) -> float64, shape (n_years, n_groups), values of the year.
    ledger : year -> line -> amounts in yuan (appropriated, disbursed, unspent, additional, displaced ...).
    tax_expenditure : year -> lever -> million yuan of tax not collected.
    totals : known totals of the end of 2010 against the synthetic population.
    """

    quarterly: npt.NDArray[np.float64]
    groups: dict[tuple[str, str], npt.NDArray[np.float64]]
    ledger: dict[int, dict[str, dict[str, int]]]
    tax_expenditure: dict[int, dict[str, float]]
    totals: list[dict[str, Any]]


class InnovationModel(ColumnModel):
    """The province as a Mesa model: one step is one quarter, the first is 2011Q1.

    Parameters
    ----------
    scenario : what is tried.
    seed, replicate : key of all random draws; two scenarios with the same key differ by the policy alone.
    row_order : places of firms in their columns, to show that rows do not matter.
    """

    world: World

    def __init__(
        self, scenario: Scenario, seed: int = 1, replicate: int = 0, row_order: npt.NDArray[np.int64] | None = None
    ) -> None:
        super().__init__(rng=seed)
        cat = catalogue()
        # `scenario` is a name that Mesa 3.5 keeps for itself
        self.tried, self.replicate = scenario, int(replicate)
        calendar = Calendar.of(scenario.start, scenario.end)
        draws = Draws(seed, replicate, {name: row.number for name, row in cat.streams.items()})
        overrides = {name: dict(years) for name, years in scenario.driver.items()}
        paths = driver_paths(cat, calendar, overrides, scenario.known_to)
        self.world = build_world(cat, calendar, draws, scenario.scale, scenario.number, paths, row_order)
        for kind, agent_class in KINDS.items():
            self.register_kind(agent_class, self.world.kinds[kind], FIRST_UID.get(kind, 0))
        self.levers = active_levers(scenario, calendar)
        self.parameters = [scenario.params(step.name, step.params) for step in SCHEDULE]
        self.record = measure.Record(cat, calendar.n_quarters)

    @property
    def n_quarters(self) -> int:
        """Quarters from start to end of the scenario."""
        return self.world.calendar.n_quarters

    @property
    def period(self) -> str:
        """The quarter last simulated, such as 2014Q3; the quarter before the run at the start."""
        return quarter_text(self.world.calendar.first + self.steps - 1)

    def step(self) -> None:
        """Simulate one quarter, the schedule from top to bottom; it is measured when its books are closed."""
        world = self.world
        world.calendar.quarter = self.steps - 1
        world.draws.open_quarter(world.calendar.quarter)
        for step, parameters in zip(SCHEDULE, self.parameters, strict=True):
            if step.name == "open_quarter":
                step.run(world, parameters, world.draws)
                for lever in self.levers:
                    lever.apply(world)
                close_lines(world)
                continue
            if step.name == MEASURE_BEFORE:
                self.record.take(world)
            step.run(world, parameters, world.draws)
        self._check()

    def _check(self) -> None:
        values = self.record.last
        if not np.isfinite(values[self.record.must_be_finite]).all():
            bad = [n for n, v in zip(self.record.names, values, strict=True) if not np.isfinite(v)]
            raise RunError(f"{self.period}: {', '.join(bad[:3])} is not finite")

    def run(self) -> Outcome:
        """Simulate to the end of the scenario and return what was measured."""
        while self.steps < self.n_quarters:
            self.step()
        return self.outcome()

    def outcome(self) -> Outcome:
        """What was measured so far."""
        notes = self.world.notes
        return Outcome(
            self.record.quarterly[: self.steps], self.record.groups(), self.world.accounts.years,
            notes.get("tax_expenditure", {}), notes["totals"],
        )  # fmt: skip


def run(scenario: Scenario, seed: int = 1, replicate: int = 0) -> Outcome:
    """Run one replicate of a scenario."""
    model = InnovationModel(scenario, seed, replicate)
    outcome = model.run()
    # the parts of a model point at each other: its memory would wait for the garbage collector, run upon run
    for columns in model.world.kinds.values():
        columns.__dict__.clear()
    model.__dict__.clear()
    return outcome


def simulate(scenario: Scenario, seed: int = 1, replicate: int = 0) -> pd.DataFrame:
    """Run one replicate: one row a quarter (index `period`, 2011Q1 ...), one column an indicator.

    Flows are those of the quarter; units are those of the catalogue's indicators. A yearly indicator stands in the
    fourth quarter alone, an index (it compares years) in none: not a number elsewhere, as a ratio of nothing.
    """
    import pandas as pd  # the runs of a sweep hand on arrays and do without

    model = InnovationModel(scenario, seed, replicate)
    values = model.run().quarterly
    first = model.world.calendar.first
    periods = pd.Index([quarter_text(first + q) for q in range(len(values))], name="period")
    return pd.DataFrame(values, index=periods, columns=list(model.record.names))


__all__ = ["InnovationModel", "Outcome", "RunError", "Step", "run", "simulate"]
