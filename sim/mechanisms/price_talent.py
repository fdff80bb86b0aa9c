"""The price of R&D rises when demand for research staff outruns supply; staff follows R&D at constant price.

price = (demand / supply)^w, demand = R&D of the province at constant prices relative to 2010, supply grows at a rate
and with those whom programmes recruit or train;
staff = reported R&D / (deflator x price x cost of a person-year); that cost rose fast until 2013, more than prices
explain, and is let catch up once. Applied once, here. Sources: C24, J05.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.firm import MEDIUM
from sim.agents.world import World
from sim.core.arithmetic import exp, power
from sim.core.fixed_point import fixed_sum, unfixed
from sim.core.kernels import kernel
from sim.core.row_lists import end_of
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
U1 = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Params:
    """Capture by prices, growth of supply, growth of the cost of a person-year at constant price, its level in 2010."""

    capture: float
    supply_growth_y: float
    cost_growth_y: float
    cost_catch_up: float
    catch_up_years: float
    cost_large_2010: float
    cost_other_2010: float


@step(writes=("indices.price", "indices.deflator", "firm.rd_staff", "university.rd_staff", "institute.rd_staff"))
def price_talent(world: World, params: Params, draws: Draws) -> None:
    """Set the price of R&D (1 in 2010), the deflator (1 in 2010) and everybody's staff."""
    firms, universities, institutes = world.firms, world.universities, world.institutes
    years = (world.calendar.quarter + 0.5) / 4.0
    deflator = world.exogenous["gdp_deflator"] / world.exogenous["gdp_deflator_2010"]
    demand = unfixed(sum_of(firms.alive, firms.rd_actual_q, universities.alive, universities.rd_q, institutes.alive,
                            institutes.rd_q))  # fmt: skip
    if "demand_2010" not in world.indices:  # quarterly R&D of 2010 (million yuan), the base of the price
        world.indices["demand_2010"] = np.array([float(world.notes["rd_2010_q"])])
    start = world.indices["demand_2010"][0]
    added = added_staff(world)
    supply = exp(params.supply_growth_y * years) + added * params.cost_other_2010 / (4.0 * start)
    price = power(max(demand, 1e-9) / (start * deflator) / supply, params.capture)
    world.indices["price"] = np.array([price])
    world.indices["deflator"] = np.array([deflator])
    level = exp(params.cost_growth_y * years) * deflator * price
    level *= 1.0 + params.cost_catch_up * (1.0 - exp(-years / params.catch_up_years))
    large, other = params.cost_large_2010 * level, params.cost_other_2010 * level
    staff(firms.alive, firms.size_class, firms.is_above_scale, firms.rd_reported_q, large, other, firms.rd_staff)
    for columns in (universities, institutes):
        staff_of_bodies(columns.alive, columns.rd_q, other, columns.rd_staff)


def added_staff(world: World) -> float:
    """Persons whom programmes brought into research: recruited from outside the province, and trained inside."""
    firms, universities, institutes = world.firms, world.universities, world.institutes
    total = sum_of(firms.alive, firms.talent, universities.alive, universities.talent, institutes.alive,
                   institutes.talent)  # fmt: skip
    trained = world.indices.get("trained_staff")
    return unfixed(total) + (0.0 if trained is None else float(trained[0]))


@kernel
def sum_of(firm: U1, of_firms: F8, university: U1, of_universities: F8, institute: U1, of_institutes: F8) -> int:
    """Integer sum over the living of the three kinds."""
    return fixed_sum(of_firms, firm) + fixed_sum(of_universities, university) + fixed_sum(of_institutes, institute)


@kernel
def staff(
    alive: U1, size_class: npt.NDArray[np.int8], above: U1, rd: F8, cost_large: float, cost_other: float, out: F8
) -> None:
    """Person-years a year of firms for a quarter's R&D; costs of a person-year in million yuan.

    `cost_large` is that of large and medium industrial firms above the line.
    """
    for j in range(end_of(alive)):
        cost = cost_large if (size_class[j] >= MEDIUM) & (above[j] != 0) else cost_other
        persons = 4.0 * rd[j] / cost
        out[j] = persons if alive[j] != 0 else 0.0


@kernel
def staff_of_bodies(alive: U1, rd: F8, cost: float, out: F8) -> None:
    """Person-years a year of universities or institutes for a quarter's R&D."""
    for j in range(alive.size):
        out[j] = 4.0 * rd[j] / cost if alive[j] != 0 else 0.0
