"""Trades technology: what firms, universities and institutes of the province sell, and what its firms buy.

Matches inside the province follow a CES function of supply S and demand D with congestion,
M = (a S^-r + (1 - a) D^-r)^(-1/r), times I^e for intermediaries; exports follow S, imports D. S, D and I are
relative to the end of 2010. S: knowledge and patents times openness; D: reported R&D and modernisation.
A part of what is bought comes in a few very large contracts: Poisson in number, Pareto in size.
Registered value = traded value x registration share; pressure and relief raise the share and hardly what is traded.
Total = output + absorbed - inside (an assumption of the plans' reading). Values in million yuan.
Sources: G01, G03, G06; start values measured; growth of the market calibrated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.government import PROVINCE
from sim.agents.technology_supply import brokers, public_patents, total_offer
from sim.agents.world import World
from sim.core.arithmetic import exp, poisson_inverse, power
from sim.core.calendar import quarter_number
from sim.core.fixed_point import ONE, fixed, unfixed
from sim.core.kernels import inline, kernel
from sim.core.steps import step
from sim.core.streams import Draws

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.uint8]
Rows = npt.NDArray[np.int64]
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
    push_response: float
    relief_registration: float
    relief_response: float
    paper_share: float  # of what is traded
    patent_use_y: float


@step(
    writes=(
        "university.contract_income_q",
        "institute.contract_income_q",
        "flow.contracts_output",
        "flow.contracts_absorbed",
        "flow.contracts_inside",
        "flow.contracts_traded",
        "flow.public_patents_used",
        "flow.major_results_landed",
        "index.trade_start",
        "notes.tax_expenditure",
    )
)
def trade_technology(world: World, params: Params, draws: Draws) -> None:
    """Write the contract flows of the quarter (fixed point, million yuan; count of results) and income of sellers."""
    firms, p = world.firms, params
    relief = float(world.governments.contract_relief[PROVINCE])
    offer, supplies = total_offer(world, p.firm_openness, p.patent_worth, 1.0)
    buyers = may_buy(firms.alive, firms.is_above_scale, firms.rd_reported_q, firms.upgrade_demand).nonzero()[0]
    wanted, demand = wanted_by_firms(
        buyers, firms.is_above_scale, firms.rd_reported_q, firms.sales_y, 4.0, p.demand_rd_share,
        p.demand_sales_share, firms.upgrade_demand,
    )  # fmt: skip
    start = start_values(world, p)
    found = (offer, unfixed(demand), brokers(world.intermediaries))
    size = tuple(now / before for now, before in zip(found, start, strict=True))
    market = level(world, p.market_growth, p.market_growth_later)
    helped = 1.0 + p.relief_response * relief  # a little more is sold where the contract is taxed less
    volume = smooth_values(p, size, world.scale)
    smooth = [volume[0] * market * helped, volume[1] * market * helped, volume[2] * market]
    big = draw_big_contracts(world, p, draws, buyers, wanted, big_rate(p, size, start, world.scale), market)
    record(world, p, smooth, big, *registration(world, p))
    book_relief(world, relief)
    sold = (smooth[0] + smooth[1]) / (p.registration_start * (offer if offer > 0.0 else 1.0))
    for kind, supply in zip((world.universities, world.institutes), supplies, strict=True):
        kind.contract_income_q[:] += supply * sold
    start_volume = (p.output_start - p.big_share * p.absorbed_start * p.big_inside_share) / (4.0 * world.scale)
    use_q = p.patent_use_y / 4.0 * helped * (volume[0] + volume[1]) / start_volume / max(size[SUPPLY], 1e-9)
    world.flows["public_patents_used"] = fixed(public_patents(world) * use_q)  # those on offer, by what is sold of each


def start_values(world: World, p: Params) -> list[float]:
    """Supply, demand and intermediaries of 2010. Measured once, in the first quarter, from the accounts of 2010."""
    if "trade_start" not in world.indices:
        firms = world.firms
        _, demand = wanted_by_firms(
            firms.rows(), firms.is_above_scale, firms.rd_reported_1y, firms.sales_1y, 1.0, p.demand_rd_share,
            p.demand_sales_share, np.zeros(firms.capacity),
        )  # fmt: skip
        supply, _ = total_offer(world, p.firm_openness, p.patent_worth, 0.0)
        found = np.array([supply, unfixed(demand), brokers(world.intermediaries)])
        world.indices["trade_start"] = np.maximum(found, 1e-6)
    found_then: list[float] = world.indices["trade_start"].tolist()
    return found_then


def registration(world: World, p: Params) -> tuple[float, float]:
    """Registered over traded value relative to 2010, of contracts sold in the province and of those bought outside.

    Pressure and relief move sellers to register more of what they sell anyway, and a little of what they do not.
    """
    share = min(p.registration_start * level(world, p.registration_growth, p.registration_growth), 1.0)
    elsewhere = share / p.registration_start
    push = p.push_response * float(world.governments.registration_push[PROVINCE])
    push += p.relief_registration * float(world.governments.contract_relief[PROVINCE])
    if push <= 0.0:
        return elsewhere, elsewhere
    pressed = 1.0 - exp(-push)
    return (share + (1.0 - share) * pressed + p.paper_share * pressed) / p.registration_start, elsewhere


def book_relief(world: World, relief: float) -> None:
    """Tax not collected on registered contracts of sellers of the province, million yuan for the whole province."""
    if relief > 0.0:
        by_year = world.notes.setdefault("tax_expenditure", {}).setdefault(world.calendar.year, {})
        forgone = relief * unfixed(world.flows["contracts_output"]) * world.scale
        by_year["technology_market"] = by_year.get("technology_market", 0.0) + forgone


def level(world: World, growth: float, later: float) -> float:
    """What grows by `growth` a year to the last observed year, and by `later` after it, relative to its 2010 mean."""
    years = (world.calendar.first + world.calendar.quarter - MIDDLE_OF_2010) / 4.0
    observed = min(years, OBSERVED_YEARS)
    return power(1.0 + growth, observed) * power(1.0 + later, years - observed)


def smooth_values(p: Params, size: Sequence[float], scale: int) -> tuple[float, float, float]:
    """Inside, export, import of a quarter without the very large contracts: million yuan, registered as in 2010."""
    big = p.big_share * p.absorbed_start
    helped = power(size[INTERMEDIARIES], p.intermediary_elasticity) / (4.0 * scale)
    inside = (p.inside_start - big * p.big_inside_share) * match(
        size[SUPPLY], size[DEMAND], p.supply_weight, p.substitution
    )
    export = (p.output_start - p.inside_start) * size[SUPPLY]
    bought = (p.absorbed_start - p.inside_start - big * (1.0 - p.big_inside_share)) * size[DEMAND]
    return inside * helped, export * helped, bought * helped


def big_rate(p: Params, size: Sequence[float], start: Sequence[float], scale: int) -> float:
    """Very large contracts a quarter for each million yuan of demand."""
    helped = power(size[INTERMEDIARIES], p.intermediary_elasticity)
    return p.big_number_y / (4.0 * scale) * helped / start[DEMAND]


def big_least(p: Params) -> float:
    """Smallest very large contract, so that their yearly mean in 2010 is its share of what was absorbed."""
    a, span = p.big_exponent, p.big_range
    mean = a / (a - 1.0) * (1.0 - power(span, 1.0 - a)) / (1.0 - power(span, -a))
    return p.big_share * p.absorbed_start / (p.big_number_y * mean)


def draw_big_contracts(
    world: World, p: Params, draws: Draws, buyers: Rows, wanted: Floats, rate: float, market: float
) -> Rows:
    """Totals of the very large contracts of the buyers, whose demand is `wanted`, as `big_contracts` gives them."""
    firms = world.firms
    u = draws.uniform_for("trade.number", firms.uid[buyers])
    some = may_contract(u, wanted, rate).nonzero()[0]
    if not len(some):
        return np.zeros(3, np.int64)
    rows = buyers[some]
    u_size, u_inside, u_landed = (
        draws.uniform_for(stream, firms.uid[rows]) for stream in ("trade.size", "trade.inside", "trade.landed")
    )
    return big_contracts(
        firms.has_rd[rows], wanted[some], u[some], u_size, u_inside, u_landed, rate, big_least(p), p.big_exponent,
        p.big_range, p.big_inside_share, p.landing_threshold, p.landing_with_rd, p.landing_without_rd, market,
    )  # fmt: skip


def record(
    world: World, p: Params, smooth: list[float], big: Rows, registered: float, elsewhere: float
) -> None:  # fmt: skip
    """Write the flows. Contracts paid with vouchers are registered in full, for only so they are redeemed."""
    inside, export, bought = smooth
    vouchers = int(world.flows.get("voucher_contracts", 0))
    traded_inside, landed = inside + unfixed(big[0]), bought + unfixed(big[1])
    at_home = fixed(traded_inside * registered) + vouchers
    world.flows["contracts_inside"] = at_home
    world.flows["contracts_output"] = at_home + fixed(export * registered)
    world.flows["contracts_absorbed"] = at_home + fixed(landed * elsewhere)
    world.flows["contracts_traded"] = fixed((traded_inside + export + landed) / p.registration_start) + vouchers
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
def may_buy(alive: Flags, above_scale: Flags, rd: Floats, upgrade: Floats) -> npt.NDArray[np.bool_]:
    """Firms that can want any technology: with R&D, above scale or renewing their equipment, shape (n,)."""
    may = np.empty(alive.size, np.bool_)
    for j in range(alive.size):  # one width a loop, so that the compiler takes many rows at once
        may[j] = (rd[j] != 0.0) | (upgrade[j] != 0.0)
    for j in range(alive.size):
        may[j] = (alive[j] != 0) & ((above_scale[j] != 0) | may[j])
    return may


@kernel
def wanted_by_firms(
    rows: Rows, above_scale: Flags, rd: Floats, sales: Floats, per_year: float, rd_share: float, sales_share: float,
    upgrade: Floats,
) -> tuple[Floats, int]:  # fmt: skip
    """Technology that the firms on the rows want to buy, million yuan a year, shape (n_rows,), and its sum (fixed).

    A share of R&D and of modernised sales.
    """
    wanted, total = np.empty(rows.size), 0
    for i in range(rows.size):
        j = rows[i]
        modern = sales_share * sales[j] if above_scale[j] != 0 else 0.0
        wanted[i] = rd_share * rd[j] * per_year + modern + upgrade[j]
    for i in range(rows.size):
        total += fixed(wanted[i])
    return wanted, total


@kernel
def may_contract(u: Floats, wanted: Floats, rate: float) -> npt.NDArray[np.bool_]:
    """Buyers whose number of very large contracts may be above zero: the chance of none, e^-x, is at least 1 - x."""
    may = np.empty(u.size, np.bool_)
    for i in range(u.size):
        may[i] = u[i] > 1.0 - rate * wanted[i] - 1e-9  # a little more than rounding can matter
    return may


@kernel
def big_contracts(
    has_rd: Flags, wanted: Floats, u_number: Floats, u_size: Floats, u_inside: Floats, u_landed: Floats, rate: float,
    least: float, exponent: float, span: float, inside_share: float, threshold: float, with_rd: float,
    without_rd: float, market: float,
) -> Rows:  # fmt: skip
    """Value bought inside and outside the province (fixed point, million yuan) and results landed, shape (3,)."""
    totals = np.zeros(3, np.int64)
    for i in range(wanted.size):
        number = poisson_inverse(u_number[i], rate * wanted[i])
        if number == 0:
            continue
        size = pareto_inverse(u_size[i], least, exponent, span)
        totals[0 if u_inside[i] < inside_share else 1] += fixed(size * number * market)
        if size >= threshold and u_landed[i] < (with_rd if has_rd[i] != 0 else without_rd):
            totals[2] += number
    return totals
