"""First sets of equipment find a first buyer: the province pays a part of the insurance premium or of the price.

Makers: performers with knowledge in equipment, electronics, new-energy vehicles and environmental equipment that are
large enough to build units above the floor of 5 million yuan; small makers stay out. A maker brings an item now and
then, one at a time, worth a share of its sales between floor and cap. The best are paid while the line lasts:
value x (premium rate x premium share + purchase share). The sale comes with chance
1 - (1 - premium sale x premium share)(1 - purchase sale x purchase share); a sale to a related party would have come
anyway. A first sale adds to the share of new products that buyers take, more in firms that are not large, and fades;
an item that the cap keeps small beside the sales of its maker adds in proportion. Nothing here touches knowledge or
patents: the gain is incremental. Sources: K01, K05, K06, K07.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.firm import LARGE
from sim.agents.government import PROVINCE
from sim.agents.world import World
from sim.core.arithmetic import exp, log_of, normal_of, quarterly_hazard
from sim.core.kernels import kernel
from sim.core.money import YUAN_PER_MILLION
from sim.core.quotas import fit_into, in_order
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
I8 = npt.NDArray[np.int64]
U1 = npt.NDArray[np.uint8]
LINE = "first_set"
MAKERS = (4, 6, 7, 9)  # rows of sectors.csv: equipment, electronics, new-energy vehicles, environmental equipment
IS_MAKER = np.isin(np.arange(128), MAKERS)
FADED = 0.01  # an effect below this is over


@dataclass(frozen=True)
class Params:
    """Makers, items, price, what brings a sale, and what a sale does."""

    smallest_maker: float  # million yuan a year
    least_knowledge: float  # million yuan of 2010
    item_y: float
    value_share: float  # share of sales
    value_floor: float  # million yuan
    value_cap: float  # million yuan
    premium_rate: float
    premium_sale: float
    purchase_sale: float
    related_share: float
    gain: float  # share of sales
    gain_not_large: float
    fade_years: float
    noise: float


@step(writes=("firm.first_set_effect", "firm.product_gain", "firm.received_yuan", "line.first_set",
              "notes.first_sets"))  # fmt: skip
def buy_first_sets(world: World, params: Params, draws: Draws) -> None:
    """Fade the first sales, pay the items of the quarter, and write what buyers take beyond the usual."""
    firms, p = world.firms, params
    if world.notes.get("first_sets"):
        fade(firms.first_set_effect, exp(-0.25 / p.fade_years))
    premium = float(world.governments.first_set_premium[PROVINCE])
    purchase = float(world.governments.first_set_purchase[PROVINCE])
    support = p.premium_rate * premium + purchase
    if support > 0.0 and world.accounts.left(LINE) > 0:
        awarded = award(world, p, draws, support)
        chance = 1.0 - (1.0 - min(p.premium_sale * premium, 1.0)) * (1.0 - min(p.purchase_sale * purchase, 1.0))
        uids = firms.uid[awarded]
        sold = draws.uniform_for("first_set.sale", uids) < chance
        sold &= draws.uniform_for("first_set.related", uids) >= p.related_share
        firms.first_set_effect[awarded[sold]] = 1.0
        world.notes["first_sets"] = True
    if world.notes.get("first_sets"):
        bring_gains(
            firms.alive, firms.first_set_effect, firms.size_class, firms.sales_y, p.value_cap, p.value_share, p.gain,
            p.gain_not_large, firms.product_gain,
        )  # fmt: skip


def award(world: World, p: Params, draws: Draws, support: float) -> I8:
    """Pay the items of the quarter, the best first, as long as they fit into the line; returns the rows paid."""
    firms = world.firms
    makers = eligible(
        firms.alive, firms.is_industrial, firms.has_rd, firms.sector, IS_MAKER, firms.sales_y, firms.knowledge,
        firms.first_set_effect, p.smallest_maker, p.least_knowledge,
    )  # fmt: skip
    rows = makers[draws.uniform_for("first_set.item", firms.uid[makers]) < quarterly_hazard(p.item_y)]
    uids = firms.uid[rows]
    score = log_of(1.0 + firms.knowledge[rows]) + p.noise * normal_of(draws.uniform_for("first_set.noise", uids))
    rows = rows[in_order(-score, uids)]
    value = np.minimum(np.maximum(p.value_share * firms.sales_y[rows], p.value_floor), p.value_cap)
    cost = np.floor(support * value * YUAN_PER_MILLION).astype(np.int64)
    paid = fit_into(cost, world.accounts.left(LINE))
    world.pay(LINE, firms, rows[paid], cost[paid])
    return np.asarray(rows[paid])


@kernel
def fade(effect: F8, kept: float) -> None:
    """A quarter passes for what first sales have left, in place; what is hardly there is over."""
    for j in range(effect.size):
        faded = effect[j] * kept
        effect[j] = 0.0 if faded < FADED else faded


@kernel
def eligible(
    alive: U1, industrial: U1, has_rd: U1, sector: npt.NDArray[np.int8], is_maker: npt.NDArray[np.bool_], sales: F8,
    knowledge: F8, effect: F8, smallest: float, least_knowledge: float,
) -> I8:  # fmt: skip
    """Rows of the makers above the floor with knowledge and no first set still new."""
    performs = np.empty(alive.size, np.bool_)
    for j in range(alive.size):
        performs[j] = (alive[j] != 0) & (industrial[j] != 0) & (has_rd[j] != 0)
    rows = np.flatnonzero(performs)
    number = 0
    for row in rows:  # the sector first: it is a byte, and most performers make something else
        rows[number] = row
        number += int(is_maker[sector[row]])
    makers, number = rows[:number], 0
    for row in makers:
        able = (sales[row] >= smallest) & (knowledge[row] >= least_knowledge)
        fit = able & (effect[row] < 0.5)  # one at a time: until half of the last sale has worn off
        rows[number] = row
        number += int(fit)
    return rows[:number]


@kernel
def bring_gains(
    alive: U1, effect: F8, size: npt.NDArray[np.int8], sales: F8, cap: float, share: float, gain: float,
    gain_not_large: float, product_gain: F8,
) -> None:  # fmt: skip
    """Add to what buyers take beyond the usual, in place: less where the item is small beside the maker's sales."""
    has = np.empty(alive.size, np.bool_)
    for j in range(alive.size):
        has[j] = effect[j] > 0.0
    for row in np.flatnonzero(has):
        if alive[row] != 0:
            more = gain_not_large if size[row] < LARGE else 1.0
            product_gain[row] += gain * more * min(cap / (share * sales[row]), 1.0) * effect[row]
