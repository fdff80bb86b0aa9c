"""Firms close and new ones enter, on a fixed number of places; an entrant's uid depends on quarter and order only.

Exit hazard falls with size and age, is lower for performers and higher for loss-makers. Entrants are drawn by the same
traits as the start population. Patents of firms that close pass to individuals. Sources: N06, N07, N08.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.agents.firm import MEDIUM
from sim.agents.government import PROVINCE
from sim.agents.traits import Origin, can_innovate_of, cash_of, lasting_traits, ownership_of, size_class, user_cost
from sim.agents.world import World
from sim.catalogue.loader import catalogue
from sim.core.arithmetic import exp_of, normal_of, poisson_inverse, power, quarterly_hazard
from sim.core.kernels import kernel
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
U1 = npt.NDArray[np.uint8]
ENTRANT_UID = 1 << 24  # uids below belong to the start population
UIDS_A_QUARTER = 1 << 20
LARGEST_HAZARD_Y = 0.9  # a year; keeps the hazard below one
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
    rows = np.flatnonzero(leaving)
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
    above = origin.count("population.n_above_scale") * params.entry_above_scale_y / 4.0
    n_small = poisson_inverse(draws.province("entry.small"), small)
    n_above = poisson_inverse(draws.province("entry.above_scale"), above)
    first = ENTRANT_UID + world.calendar.quarter * UIDS_A_QUARTER
    for n, is_above, offset in ((n_small, False, 0), (n_above, True, UIDS_A_QUARTER // 2)):
        if n:
            uids = np.arange(first + offset, first + offset + n, dtype=np.int64)
            world.firms.add(uids, **entrants(origin, uids, is_above, params.entrant_size, world.exogenous))
    return int(n_small + n_above)


def entrants(
    origin: Origin, uids: npt.NDArray[np.int64], is_above: bool, relative_size: float, now: dict[str, float]
) -> dict[str, npt.NDArray[Any]]:
    """Columns of new firms, shape (n,) each; small technology firms settle where R&D is if they can innovate."""
    number, cat, n = origin.number, origin.cat, len(uids)
    sector = origin.category("traits.sector", uids, "sector_share_other" if is_above else "sector_share_small")
    state = number("population.state_share_other" if is_above else "population.state_share_small")
    ownership = ownership_of(origin, uids, np.full(n, state))
    values = lasting_traits(origin, uids, sector, ownership)
    growth = now["gdp_revised"] / now["gdp_revised_2010"]
    z = normal_of(origin.uniform("traits.sales", uids))
    line = number("population.above_scale_line")
    if is_above:
        sales = line * number("population.entrant_floor") + relative_size * number("population.body_median") * exp_of(
            number("population.entrant_sigma") * z)  # fmt: skip
        values["is_industrial"] = np.ones(n, np.uint8)
        wanted = cat.table("sector_intensity")[sector] * exp_of(
            number("population.intensity_sigma") * origin.normal("traits.intensity", uids))  # fmt: skip
    else:
        sales = relative_size * growth * number("population.small_median") * exp_of(
            number("population.small_sigma") * z)  # fmt: skip
        keep = origin.uniform("traits.industrial", uids) < number("population.industrial_share_small")
        values["is_industrial"] = (values["is_industrial"].astype(bool) & keep).astype(np.uint8)
        wanted = number("population.intensity_small") * exp_of(
            number("population.intensity_small_sigma") * origin.normal("traits.intensity", uids))  # fmt: skip
    above = np.full(n, is_above, np.uint8)
    can = can_innovate_of(origin, uids, sales, above)
    near_rd = origin.category("traits.city", uids, "city_share_small_can")
    city = np.where((can == 1) & (above == 0), near_rd, origin.category("traits.city", uids, "city_share_firms"))
    if not is_above:
        values["patent_propensity"] = values["patent_propensity"] * number("population.propensity_small")
    classes = size_class(sales, number)
    values["age_q"] = np.zeros(n, np.int32)
    return values | {
        "sector": sector, "city": city, "ownership": ownership, "is_above_scale": above, "can_innovate": can,
        "sales_y": sales, "sales_base": sales.copy(), "sales_1y": sales.copy(), "sales_2y": sales.copy(),
        "size_class": classes, "cash": cash_of(origin, uids, sales),
        "rd_intensity": np.minimum(wanted, number("population.largest_intensity_small")),
        "user_cost_base": _user_cost_2010(origin, classes, values["claim_rank"]),
    }  # fmt: skip


def _user_cost_2010(origin: Origin, classes: npt.NDArray[np.int8], claim_rank: F8) -> F8:
    """User cost of R&D under the law of 2010, from which desired R&D counts changes; medium and large firms claim."""
    claims = (classes >= MEDIUM) | (claim_rank < origin.number("desire_rd.take_up"))
    deduction = origin.cat.rule("super_deduction_rate", 2010, "all")
    cost: F8 = user_cost(origin.number("desire_rd.profit_tax"), np.where(claims, deduction, 0.0))
    return cost


@kernel
def leave(
    alive: U1, above: U1, active: U1, margin: F8, sales: F8, age: npt.NDArray[np.int32], factor: F8, u: F8, number: F8
) -> U1:
    """Flag of each firm that closes this quarter."""
    leaving = np.zeros(alive.size, np.uint8)
    most = quarterly_hazard(LARGEST_HAZARD_Y)
    for j in range(alive.size):
        if alive[j] == 0 or u[j] >= most:  # most firms draw above any hazard that there is
            continue
        if above[j] != 0:
            yearly = number[1] * power(max(sales[j], 1.0) / number[5], number[2])
        else:
            yearly = number[0] * power(max(age[j], 1) / FIVE_YEARS_Q, number[2])
        if active[j] != 0:
            yearly *= number[3]
        if margin[j] < 0.0:
            yearly *= number[4]
        yearly *= factor[j]
        # the chance of a quarter is below that of a year: most firms are settled without the roots
        if u[j] < yearly + 1e-9 and u[j] < quarterly_hazard(min(yearly, LARGEST_HAZARD_Y)):
            leaving[j] = 1
    return leaving
