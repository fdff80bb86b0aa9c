"""Firms close and new ones enter, on a fixed number of places; an entrant's uid depends on quarter and order only.

Exit hazard falls with size and age, is lower for performers and higher for loss-makers. Entrants are drawn by the same
traits as the start population. Where a scenario lowers the coal price, more small firms are founded. Patents of firms
that close pass to individuals. Sources: N06, N07, N08, R07.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.agents.firm import MEDIUM
from sim.agents.government import PROVINCE
from sim.agents.traits import (
    Origin,
    can_innovate_of,
    cash_of,
    category_edges,
    lasting_traits,
    ownership_of,
    size_class,
    table_of,
    user_cost,
)
from sim.agents.world import World
from sim.catalogue.loader import Catalogue, catalogue
from sim.core.arithmetic import exp, normal_inverse, poisson_inverse, power, quarterly_hazard
from sim.core.kernels import kernel
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
U1 = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]
ENTRANT_UID = 1 << 24  # uids below belong to the start population
UIDS_A_QUARTER = 1 << 20
LARGEST_HAZARD_Y = 0.9  # a year; keeps the hazard below one
BLOCK = 512  # rows at a time
FIVE_YEARS_Q = 20.0  # age in quarters at which the hazard of small firms is stated


@dataclass(frozen=True)
class Params:
    """Hazards of exit, numbers and size of entrants."""

    exit_small_y: float
    exit_above_scale_y: float
    exit_size_slope: float
    exit_performer: float
    exit_loss: float
    entry_small_y: float
    entry_above_scale_y: float
    entrant_size: float
    above_scale_line: float
    coal_elasticity: float

    SHARED = ("population.above_scale_line",)


@step(writes=("every firm column of leavers and entrants", "indices.individuals_in_force", "flows.exits",
              "flows.entries"))  # fmt: skip
def exit_and_enter(world: World, params: Params, draws: Draws) -> None:
    """Draw exits, free their places, then place the quarter's entrants."""
    firms, p = world.firms, params
    leaving = leave(
        firms.alive, firms.is_above_scale, firms.has_rd, firms.margin, firms.sales_y, firms.age_q,
        firms.exit_factor, draws.uniform("exit.hazard", firms),
        np.array([p.exit_small_y, p.exit_above_scale_y, p.exit_size_slope, p.exit_performer, p.exit_loss,
                  p.above_scale_line]),
    )  # fmt: skip
    rows = np.flatnonzero(leaving.view(np.bool_))
    world.indices["individuals_in_force"][0] += int(firms.inventions_in_force[rows].sum())
    world.indices["individuals_pending"] += firms.inventions_pending[rows].sum(axis=0)
    firms.remove(rows)
    world.flows["exits"] = len(rows)
    world.flows["entries"] = _enter(world, params, draws)


def _enter(world: World, params: Params, draws: Draws) -> int:
    number = world.notes["number"]
    origin = Origin(catalogue(), number, draws, world.scale)
    small = origin.count("population.n_small_tech") * params.entry_small_y / 4.0
    small *= float(world.governments.entry_factor[PROVINCE])
    coal = world.exogenous["coal_price"] / world.exogenous["coal_price_observed"]
    if coal != 1.0:  # what was observed is in the numbers of entry already
        small *= power(coal, params.coal_elasticity)
    above = origin.count("population.n_above_scale") * params.entry_above_scale_y / 4.0
    n_small = poisson_inverse(draws.province("entry.small"), small)
    n_above = poisson_inverse(draws.province("entry.above_scale"), above)
    if n_small + n_above:
        first = ENTRANT_UID + world.calendar.quarter * UIDS_A_QUARTER
        uids = np.arange(first, first + n_small + n_above, dtype=np.int64)
        uids[n_small:] += UIDS_A_QUARTER // 2 - n_small
        is_above = np.arange(len(uids)) >= n_small
        world.firms.add(uids, **entrants(origin, uids, is_above, params.entrant_size, world.exogenous))
    return int(n_small + n_above)


def entrants(
    origin: Origin, uids: npt.NDArray[np.int64], is_above: Flags, relative_size: float, now: dict[str, float]
) -> dict[str, npt.NDArray[Any]]:
    """Columns of new firms, shape (n,) each; small technology firms settle where R&D is if they can innovate."""
    number, cat = origin.number, origin.cat
    sector = choose(category_edges(cat, "sector_share_other"), category_edges(cat, "sector_share_small"), is_above,
                    origin.uniform("traits.sector", uids))  # fmt: skip
    state = np.where(is_above, number("population.state_share_other"), number("population.state_share_small"))
    ownership = ownership_of(origin, uids, state)
    values = lasting_traits(origin, uids, sector, ownership)
    sales = _first_sales(origin, uids, is_above, relative_size, now["gdp_revised"] / now["gdp_revised_2010"])
    keep = is_above | (origin.uniform("traits.industrial", uids) < number("population.industrial_share_small"))
    can = can_innovate_of(origin, uids, sales, is_above)
    city = choose(category_edges(cat, "city_share_small_can"), category_edges(cat, "city_share_firms"),
                  can.view(np.bool_) & ~is_above, origin.uniform("traits.city", uids))  # fmt: skip
    values["patent_propensity"][~is_above] *= number("population.propensity_small")
    values["age_q"].fill(0)
    classes = size_class(sales, number)
    tax, claimed = number("desire_rd.profit_tax"), _claimed_2010(origin, classes, values["claim_rank"])
    return values | {
        "sector": sector, "city": city, "ownership": ownership, "is_above_scale": is_above, "can_innovate": can,
        "is_industrial": keep & (is_above | values["is_industrial"].view(np.bool_)),
        "sales_y": sales, "sales_base": sales, "sales_1y": sales, "sales_2y": sales,
        "size_class": classes, "cash": cash_of(origin, uids, sales),
        "rd_intensity": _first_intensity(origin, uids, is_above, sector),
        "user_cost_base": user_cost(tax, claimed), "tax_value_base": tax * claimed,
    }  # fmt: skip


@kernel
def choose(one: F8, other: F8, is_one: Flags, uniforms: F8) -> npt.NDArray[np.int64]:
    """Category of each firm by the edges of one table or the other, shape (n,)."""
    found = np.zeros(uniforms.size, np.int64)
    for j in range(uniforms.size):
        for edge in one if is_one[j] else other:
            found[j] += uniforms[j] >= edge
    return found


def _first_sales(
    origin: Origin, uids: npt.NDArray[np.int64], is_above: Flags, relative_size: float, growth: float
) -> F8:
    """Sales at entry: above the line by a floor and a spread of their own, small ones grow with the province."""
    number = origin.number
    return spread(
        origin.uniform("traits.sales", uids), is_above,
        number("population.above_scale_line") * number("population.entrant_floor"),
        relative_size * number("population.body_median"), number("population.entrant_sigma"),
        relative_size * growth * number("population.small_median"), number("population.small_sigma"),
    )  # fmt: skip


@kernel
def spread(
    u: F8, is_above: Flags, floor: float, median_above: float, sigma_above: float, median: float, sigma: float
) -> F8:
    """Lognormal sales, shape (n,), those above the line on top of a floor."""
    sales = np.empty(u.size)
    for j in range(u.size):
        z = normal_inverse(u[j])
        sales[j] = floor + median_above * exp(sigma_above * z) if is_above[j] else median * exp(sigma * z)
    return sales


def _first_intensity(origin: Origin, uids: npt.NDArray[np.int64], is_above: Flags, sector: npt.NDArray[np.int64]) -> F8:
    """R&D over sales that they want: by sector above the line, one law for small ones."""
    number = origin.number
    return wanted(
        origin.uniform("traits.intensity", uids), is_above, table_of(origin.cat, "sector_intensity"), sector,
        number("population.intensity_sigma"), number("population.intensity_small"),
        number("population.intensity_small_sigma"), number("population.largest_intensity_small"),
    )  # fmt: skip


@kernel
def wanted(
    u: F8, is_above: Flags, by_sector: F8, sector: npt.NDArray[np.int64], sigma_above: float, small: float,
    sigma: float, largest: float,
) -> F8:  # fmt: skip
    """Lognormal R&D intensity, shape (n,), up to the largest."""
    intensity = np.empty(u.size)
    for j in range(u.size):
        z = normal_inverse(u[j])
        own = by_sector[sector[j]] * exp(sigma_above * z) if is_above[j] else small * exp(sigma * z)
        intensity[j] = min(own, largest)
    return intensity


def _claimed_2010(origin: Origin, classes: npt.NDArray[np.int8], claim_rank: F8) -> F8:
    """Deduction under the law of 2010, from which desired R&D counts changes; medium and large firms claim."""
    claims = (classes >= MEDIUM) | (claim_rank < origin.number("desire_rd.take_up"))
    claimed: F8 = np.where(claims, _deduction_2010(origin.cat), 0.0)
    return claimed


@lru_cache(maxsize=4)  # the law of 2010 does not change
def _deduction_2010(cat: Catalogue) -> float:
    return cat.rule("super_deduction_rate", 2010, "all")


@kernel
def leave(
    alive: U1, above: U1, active: U1, margin: F8, sales: F8, age: npt.NDArray[np.int32], factor: F8, u: F8, number: F8
) -> U1:
    """Flag of each firm that closes this quarter."""
    leaving = np.zeros(alive.size, np.uint8)
    small_y, above_y, slope, performer, loss, line = number[0], number[1], number[2], number[3], number[4], number[5]
    yearly = np.empty(BLOCK)
    for first in range(0, alive.size, BLOCK):  # short loops without branches, over rows that stay near at hand
        rows, base = np.uint64(min(BLOCK, alive.size - first)), np.uint64(first)
        for i in range(rows):
            size, years = max(sales[base + i], 1.0) / line, max(float(age[base + i]), 1.0) / FIVE_YEARS_Q
            yearly[i] = size if above[base + i] != 0 else years
        for i in range(rows):
            yearly[i] = power(yearly[i], slope)
        for i in range(rows):
            hazard = yearly[i] * (above_y if above[base + i] != 0 else small_y)
            yearly[i] = hazard * performer if active[base + i] != 0 else hazard
        for i in range(rows):
            hazard = yearly[i]
            hazard = hazard * loss if margin[base + i] < 0.0 else hazard
            yearly[i] = hazard * factor[base + i]
        for i in range(rows):
            leaving[base + i] = u[base + i] < quarterly_hazard(min(yearly[i], LARGEST_HAZARD_Y))
        for i in range(rows):
            leaving[base + i] &= alive[base + i]
    return leaving
