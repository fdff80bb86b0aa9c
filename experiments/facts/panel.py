"""What a run leaves for the facts: firms by year and alliances by quarter, as arrays of those who live.

A recorder stands in the place of the model's own record and looks at the world when its books are closed: before firms
grow, leave and come. It changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.agents.world import World
from sim.core.money import YUAN_PER_MILLION
from sim.model import InnovationModel
from sim.scenario import Scenario
from sim.schedule import SCHEDULE

Array = npt.NDArray[Any]
Change = Callable[[InnovationModel], None]
FIRM_COLUMNS = (
    "uid", "sector", "ownership", "size_class", "age_q", "is_above_scale", "is_high_tech_field", "sales_year",
    "sales_y", "sales_1y", "sales_2y", "rd_reported_year", "rd_reported_1y", "rd_reported_2y", "rd_actual_year",
    "has_rd", "filings_year", "hnte_stage", "n_alliances", "knowledge", "notch_lift_q", "certificate_threshold",
    "received_rd_grant", "rd_intended_q", "rd_actual_q", "deductible_year", "tax_cut_year", "new_product_share",
)  # fmt: skip
ALLIANCE_COLUMNS = (
    "uid",
    "age_q",
    "distance",
    "is_paper",
    "n_members",
    "n_projects",
    "project_quarters",
    "member_uids",
)
GRANT_LINE = "rd_grant"


class Watched:
    """The record of a run, and a look at the world beside each measurement."""

    def __init__(self, record: Any, look: Callable[[World], None]) -> None:
        self._record, self._look = record, look

    def __getattr__(self, name: str) -> Any:
        return getattr(self._record, name)

    def take(self, world: World) -> None:
        """Measure the quarter as the model does, then look."""
        self._record.take(world)
        self._look(world)


@dataclass
class Panel:
    """Arrays of the living: `years` by year and column, `alliances` by quarter and column, shape (n_living, ...).

    flows : by year, firms that closed and entered, and those alive at its end.
    indicators : by name, values of the quarters, shape (n_quarters,).
    """

    years: dict[int, dict[str, Array]] = field(default_factory=dict)
    alliances: list[dict[str, Array]] = field(default_factory=list)
    flows: dict[int, tuple[int, int, int]] = field(default_factory=dict)
    indicators: dict[str, Array] = field(default_factory=dict)

    def performers(self, year: int, sample: str = "") -> dict[str, Array]:
        """Columns of the firms that reported R&D in a year; `sample` names a flag that they have as well."""
        columns = self.years[year]
        kept = (columns["rd_reported_year"] > 0.0) & (columns["sales_year"] > 0.0)
        if sample:
            kept &= columns[sample] != 0
        return {name: values[kept] for name, values in columns.items()}

    def paired(self, year: int, columns: tuple[str, ...], ahead: int = 1) -> tuple[dict[str, Array], dict[str, Array]]:
        """Columns of the firms that live in a year and `ahead` years later: both years, rows alike."""
        here, there = self.years[year], self.years[year + ahead]
        _, first, second = np.intersect1d(here["uid"], there["uid"], assume_unique=True, return_indices=True)
        return {name: here[name][first] for name in columns}, {name: there[name][second] for name in columns}


def watch(model: InnovationModel, look: Callable[[World], None]) -> None:
    """Let `look(world)` see each quarter when it is measured."""
    model.record = Watched(model.record, look)  # type: ignore[assignment]


def built(scenario: Scenario, seed: int, replicate: int = 0, *changes: Change | None) -> InnovationModel:
    """A model before its first quarter, with changes made to it: a trial, or what breaks it on purpose."""
    model = InnovationModel(scenario, seed, replicate)
    for change in changes:
        if change is not None:
            change(model)
    return model


def with_step(model: InnovationModel, step: Any) -> None:
    """Let a further `step.apply(world)` come after the levers of this model."""
    model.levers = [*model.levers, step]  # type: ignore[assignment]


def changed(model: InnovationModel, step: str, **values: float) -> None:
    """Let a step of this model work with other parameters."""
    place = [one.name for one in SCHEDULE].index(step)
    model.parameters[place] = replace(model.parameters[place], **values)


def recorded(scenario: Scenario, seed: int, replicate: int = 0, *changes: Change | None) -> Panel:
    """Run a scenario to its end, with changes made to the model first."""
    model, panel = built(scenario, seed, replicate, *changes), Panel()
    received: dict[int, float] = {}
    watch(model, lambda world: _look(world, panel, received))
    while model.steps < model.n_quarters:
        model.step()
        _count(model.world, panel)
    panel.indicators = {name: model.record.quarterly[:, i] for i, name in enumerate(model.record.names)}
    return panel


def _look(world: World, panel: Panel, received: dict[int, float]) -> None:
    """Note the alliances of the quarter, and the firms in the last one of a year; `received` are grants by uid."""
    firms, alliances = world.firms, world.alliances
    rows, yuan = firms.received_yuan.by_payee(np.array([world.accounts.number(GRANT_LINE)]))
    if world.calendar.is_first_of_year:
        received.clear()
    for uid, paid in zip(firms.uid[rows].tolist(), yuan[:, 0].tolist(), strict=True):
        received[uid] = received.get(uid, 0.0) + paid / YUAN_PER_MILLION
    living = alliances.rows()
    panel.alliances.append({name: getattr(alliances, name)[living] for name in ALLIANCE_COLUMNS})
    if world.calendar.is_last_of_year:
        living = firms.rows()
        columns = {n: getattr(firms, n)[living] for n in FIRM_COLUMNS if n != "received_rd_grant"}
        panel.years[world.calendar.year] = columns | {
            "received_rd_grant": np.array([received.get(uid, 0.0) for uid in columns["uid"].tolist()])
        }


def _count(world: World, panel: Panel) -> None:
    """Add the firms that closed and entered in the quarter."""
    year = world.calendar.year
    closed, entered, _ = panel.flows.get(year, (0, 0, 0))
    living = int(world.firms.alive.sum())
    panel.flows[year] = (closed + world.flows["exits"], entered + world.flows["entries"], living)
