"""Trades technology: what firms, universities and institutes of the province sell, and what its firms buy.

Matches inside the province follow a CES function of supply S and demand D with congestion,
M = (a S^-r + (1 - a) D^-r)^(-1/r), times I^e for intermediaries; exports follow S, imports D. S, D and I are
relative to the end of 2010. S: knowledge and patents times openness; D: reported R&D and modernisation.
A part of what is bought comes in a few very large contracts: Poisson in number, Pareto in size.
Registered value = traded value x registration share; total = output + absorbed - inside (an assumption of the plans'
reading). Values in million yuan. Sources: G01, G03; start values measured; growth of the market calibrated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.agents.intermediary import INTERMEDIARY
from sim.agents.world import World
from sim.core.arithmetic import poisson_inverse, power
from sim.core.calendar import quarter_number
from sim.core.columns import Columns
from sim.core.fixed_point import ONE, fixed, fixed_sum, unfixed
from sim.core.kernels import inline, kernel
from sim.core.steps import step
from sim.core.streams import Draws

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.uint8]
MIDDLE_OF_2010 = quarter_number("2010Q1") + 1.5  # in quarters; the start values are those of the year 2010
OBSERVED_YEARS = 7.5  # from the middle of 2010 to the end of 2017, the last year with observed contracts
SUPPLY, DEMAND, INTERMEDIARIES = 0, 1, 2  # places in indices["trade_start"]


@dataclass(frozen=True)
class Params:
    """Start values, matching, what is wanted and offered, growth, very large contracts."""

    output_start: float  # million yuan a year, registered, 2010
    absorbed_start: float
    inside_start: float
    supply_weight: float
    substitution: float
    intermediary_elasticity: float
    demand_rd_share: float
    demand_sales_share: float
    firm_openness: float
    patent_worth: float
    market_growth: float  # a year, to the last observed year
    market_growth_later: float  # a year, after it
    registration_start: float
    registration_growth: float  # a year
    big_share: float
    big_inside_share: float
    big_number_y: float
    big_exponent: float
    big_range: float
    landing_threshold: float  # million yuan of 2010, registered
    landing_with_rd: float
    landing_without_rd: float


@step(
    writes=(
        "university.contract_income_q",
        "institute.contract_income_q",
        "flow.contracts_output",
        "flow.contracts_absorbed",
        "flow.contracts_inside",
        "flow.contracts_traded",
        "flow.major_results_landed",
        "index.trade_start",
    )
)
def trade_technology(world: World, params: Params, draws: Draws) -> None:
    """Write the contract flows of the quarter (fixed point, million yuan; count of results) and income of sellers."""
    firms, p = world.firms, params
    bodies = (world.universities, world.institutes)
    body_supply = [np.zeros(kind.capacity) for kind in bodies]
    for kind, supply in zip(bodies, body_supply, strict=True):
        offered_by_bodies(kind.alive, kind.knowledge, kind.inventions_in_force, kind.openness, p.patent_worth, supply)
    offered, wanted = np.zeros(firms.capacity), np.zeros(firms.capacity)
    offered_by_firms(firms.alive, firms.knowledge, firms.inventions_in_force, p.firm_openness, p.patent_worth, offered)
    wanted_by_firms(
        firms.alive, firms.is_above_scale, firms.rd_reported_q, firms.sales_y, 4.0, p.demand_rd_share,
        p.demand_sales_share, wanted,
    )  # fmt: skip
    total = fixed_sum(offered, firms.alive)
    total += sum(fixed_sum(s, k.alive) for k, s in zip(bodies, body_supply, strict=True))
    offer = unfixed(total)
    start = start_values(world, p, offer)
    size = np.array([offer, unfixed(fixed_sum(wanted, firms.alive)), brokers(world.intermediaries)]) / start
    market = level(world, p.market_growth, p.market_growth_later)
    registered = (
        min(p.registration_start * level(world, p.registration_growth, p.registration_growth), 1.0)
        / p.registration_start
    )
    smooth = [v * market for v in smooth_values(p, size, world.scale)]
    big = big_contracts(
        firms.alive, firms.has_rd, wanted, draws.uniform("trade.number", firms), draws.uniform("trade.size", firms),
        draws.uniform("trade.inside", firms), draws.uniform("trade.landed", firms),
        big_rate(p, size, start, world.scale), big_least(p), p.big_exponent, p.big_range, p.big_inside_share,
        p.landing_threshold, p.landing_with_rd, p.landing_without_rd, market,
    )  # fmt: skip
    record(world, smooth, big, registered, p.registration_start)
    sold = (smooth[0] + smooth[1]) / (p.registration_start * (offer if offer > 0.0 else 1.0))
    for kind, supply in zip(bodies, body_supply, strict=True):
        kind.contract_income_q[:] += supply * sold


def start_values(world: World, p: Params, supply: float) -> Floats:
    """Supply, demand and intermediaries of 2010. Measured once, in the first quarter, from the accounts of 2010."""
    if "trade_start" not in world.indices:
        firms = world.firms
        wanted = np.zeros(firms.capacity)
        wanted_by_firms(
            firms.alive, firms.is_above_scale, firms.rd_reported_1y, firms.sales_1y, 1.0, p.demand_rd_share,
            p.demand_sales_share, wanted,
        )  # fmt: skip
        demand = unfixed(fixed_sum(wanted, firms.alive))
        found = np.array([supply, demand, brokers(world.intermediaries)])
        world.indices["trade_start"] = np.maximum(found, 1e-6)
    return world.indices["trade_start"]


def brokers(intermediaries: Columns) -> float:
    """Firms that the intermediaries can serve, weighted by their efficiency."""
    served = intermediaries.places * intermediaries.efficiency * (intermediaries.role == INTERMEDIARY)
    return unfixed(fixed_sum(served, intermediaries.alive))


def level(world: World, growth: float, later: float) -> float:
    """What grows by `growth` a year to the last observed year, and by `later` after it, relative to its 2010 mean."""
    years = (world.calendar.first + world.calendar.quarter - MIDDLE_OF_2010) / 4.0
    observed = min(years, OBSERVED_YEARS)
    return power(1.0 + growth, observed) * power(1.0 + later, years - observed)


def smooth_values(p: Params, size: Floats, scale: int) -> tuple[float, float, float]:
    """Inside, export, import of a quarter without the very large contracts: million yuan, registered as in 2010."""
    big = p.big_share * p.absorbed_start
    helped = power(size[INTERMEDIARIES], p.intermediary_elasticity) / (4.0 * scale)
    inside = (p.inside_start - big * p.big_inside_share) * match(
        size[SUPPLY], size[DEMAND], p.supply_weight, p.substitution
    )
    export = (p.output_start - p.inside_start) * size[SUPPLY]
    bought = (p.absorbed_start - p.inside_start - big * (1.0 - p.big_inside_share)) * size[DEMAND]
    return inside * helped, export * helped, bought * helped


def big_rate(p: Params, size: Floats, start: Floats, scale: int) -> float:
    """Very large contracts a quarter for each million yuan of demand."""
    helped = power(size[INTERMEDIARIES], p.intermediary_elasticity)
    return p.big_number_y / (4.0 * scale) * helped / float(start[DEMAND])


def big_least(p: Params) -> float:
    """Smallest very large contract, so that their yearly mean in 2010 is its share of what was absorbed."""
    a, span = p.big_exponent, p.big_range
    mean = a / (a - 1.0) * (1.0 - power(span, 1.0 - a)) / (1.0 - power(span, -a))
    return p.big_share * p.absorbed_start / (p.big_number_y * mean)


def record(
    world: World, smooth: list[float], big: npt.NDArray[np.int64], registered: float, registration_start: float
) -> None:  # fmt: skip
    """Write the flows; amounts are those registered as in 2010, so traded ones are more by the share of 2010.

    Contracts paid with vouchers are registered in full, for only so they are redeemed.
    """
    inside, export, bought = smooth
    vouchers = int(world.flows.get("voucher_contracts", 0))
    traded_inside = inside + unfixed(big[0])
    at_home = fixed(traded_inside * registered) + vouchers
    world.flows["contracts_inside"] = at_home
    world.flows["contracts_output"] = at_home + fixed(export * registered)
    world.flows["contracts_absorbed"] = at_home + fixed((bought + unfixed(big[1])) * registered)
    traded = traded_inside + export + bought + unfixed(big[1])
    world.flows["contracts_traded"] = fixed(traded / registration_start) + vouchers
    world.flows["major_results_landed"] = int(big[2]) * ONE


@inline
def match(supply: float, demand: float, supply_weight: float, substitution: float) -> float:
    """CES matches, 1 where supply and demand are 1; nothing without either."""
    if supply <= 0.0 or demand <= 0.0:
        return 0.0
    inner = supply_weight * power(supply, -substitution) + (1.0 - supply_weight) * power(demand, -substitution)
    return power(inner, -1.0 / substitution)


@inline
def pareto_inverse(u: float, least: float, exponent: float, span: float) -> float:
    """Quantile of a Pareto law cut at `span` times its smallest value."""
    return least * power(1.0 - u * (1.0 - power(span, -exponent)), -1.0 / exponent)


@kernel
def offered_by_firms(
    alive: Flags, knowledge: Floats, patents: npt.NDArray[Any], openness: float, patent_worth: float, out: Floats
) -> None:
    """Technology that firms offer, million yuan of 2010, shape (n,)."""
    for j in range(alive.size):
        out[j] = (knowledge[j] + patents[j] * patent_worth) * openness if alive[j] != 0 else 0.0


@kernel
def offered_by_bodies(
    alive: Flags, knowledge: Floats, patents: npt.NDArray[Any], openness: Floats, patent_worth: float, out: Floats
) -> None:
    """Technology that universities or institutes offer, million yuan of 2010, shape (n,)."""
    for j in range(alive.size):
        out[j] = (knowledge[j] + patents[j] * patent_worth) * openness[j] if alive[j] != 0 else 0.0


@kernel
def wanted_by_firms(
    alive: Flags, above_scale: Flags, rd: Floats, sales: Floats, per_year: float, rd_share: float, sales_share: float,
    out: Floats,
) -> None:  # fmt: skip
    """Technology that firms want to buy, million yuan a year, shape (n,): a share of R&D and of modernised sales."""
    for j in range(alive.size):
        out[j] = 0.0
        if alive[j] != 0:
            out[j] = rd_share * rd[j] * per_year + (sales_share * sales[j] if above_scale[j] != 0 else 0.0)


@kernel
def big_contracts(
    alive: Flags, has_rd: Flags, wanted: Floats, u_number: Floats, u_size: Floats, u_inside: Floats, u_landed: Floats,
    rate: float, least: float, exponent: float, span: float, inside_share: float, threshold: float, with_rd: float,
    without_rd: float, market: float,
) -> npt.NDArray[np.int64]:  # fmt: skip
    """Value bought inside and outside the province (fixed point, million yuan) and results landed, shape (3,)."""
    totals = np.zeros(3, np.int64)
    for j in range(alive.size):
        if alive[j] == 0:
            continue
        number = poisson_inverse(u_number[j], rate * wanted[j])
        if number == 0:
            continue
        size = pareto_inverse(u_size[j], least, exponent, span)
        totals[0 if u_inside[j] < inside_share else 1] += fixed(size * number * market)
        if size >= threshold and u_landed[j] < (with_rd if has_rd[j] != 0 else without_rd):
            totals[2] += number
    return totals
