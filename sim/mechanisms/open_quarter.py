"""The quarter opens: drivers take their values, policy terms go neutral, and each January the books start anew."""

from __future__ import annotations

from dataclasses import dataclass

from sim.agents.world import World
from sim.core.steps import step
from sim.core.streams import Draws


@dataclass(frozen=True)
class Params:
    """None: what opens a quarter is exogenous."""


@step(writes=("every policy term", "firm.received_yuan", "firm.*_year", "exogenous", "flows"))
def open_quarter(world: World, params: Params, draws: Draws) -> None:
    """Set the drivers of the quarter and clear what belongs to the last one."""
    quarter = world.calendar.quarter
    world.exogenous = {name: float(path[quarter]) for name, path in world.paths.items()}
    world.flows.clear()
    for columns in world.kinds.values():
        columns.neutralise()
    for columns in world.payees:
        columns.received_yuan.clear()
    world.accounts.open_quarter()
    if world.calendar.is_first_of_year:
        world.accounts.open_year()
        _open_year(world)


def _open_year(world: World) -> None:
    """The year's sums of the last year become history; R&D status of the last year is kept."""
    firms = world.firms
    if world.calendar.quarter > 0:
        firms.rd_reported_2y[:] = firms.rd_reported_1y
        firms.rd_reported_1y[:] = firms.rd_reported_year
        firms.sales_2y[:] = firms.sales_1y
        firms.sales_1y[:] = firms.sales_year
        firms.had_rd_last_year[:] = firms.has_rd
    for name in ("rd_actual_year", "rd_reported_year", "sales_year", "profit_year", "deductible_year", "tax_cut_year",
                 "filings_year"):  # fmt: skip
        firms[name].fill(0)
    for public in (world.universities, world.institutes):
        public.filings_year.fill(0)
