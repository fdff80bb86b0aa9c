"""Large instruments of universities and institutes join a network that small performers may use.

A shared hour costs a fee instead of an own instrument: cost of R&D = 1 - e u c r s (1 - f (1 - paid)), e the part of
R&D that is equipment work, u the part of it that suits, c the coverage, r the reach (one in a city with public bodies,
less elsewhere), s = min(1, spare hours / hours wanted), f the fee, paid the part of fees that the line pays. What is
saved is no spending of the user either: its R&D in money answers to the cost less what is done on the instruments of
others, which becomes knowledge all the same. So money beyond the fees of the small performers is unspent, and more
users than hours crowd each other out. Everything assumed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.firm import SMALL
from sim.agents.government import PROVINCE
from sim.agents.policy_network import in_proportion
from sim.agents.providers import by_uid
from sim.agents.world import World
from sim.catalogue.loader import catalogue
from sim.core.calendar import QUARTERS_A_YEAR
from sim.core.fixed_point import fixed, fixed_sum, unfixed
from sim.core.kernels import kernel
from sim.core.money import YUAN_PER_MILLION, to_yuan
from sim.core.steps import step
from sim.core.streams import Draws

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.uint8]
Codes = npt.NDArray[np.int8]
Rows = npt.NDArray[np.int64]
LINE = "instrument_sharing"


@dataclass(frozen=True)
class Params:
    """Equipment work, how much of it can be shared, its fee, spare hours."""

    SHARED = ("weigh_depreciation.equipment_share",)
    equipment_share: float
    suitable_share: float
    distance_reach: float
    spare_share: float
    fee_ratio: float


@step(writes=("firm.cost_factor", "firm.spared_share", "firm.knowledge_add", "university.received_yuan",
              "institute.received_yuan", "line.instrument_sharing"))  # fmt: skip
def share_instruments(world: World, params: Params, draws: Draws) -> None:
    """Lower the cost of R&D of small performers by what they use, and pay fees to those who own the instruments."""
    coverage = float(world.governments.instrument_coverage[PROVINCE])
    if coverage <= 0.0:
        return
    firms, p = world.firms, params
    kinds = (world.universities, world.institutes)
    reach = np.full(len(catalogue().cities), p.distance_reach)
    for kind in kinds:
        reach[kind.city[kind.rows()]] = 1.0
    rows = small_performers(firms.alive, firms.has_rd, firms.size_class).nonzero()[0]
    wanted = unfixed(hours_wanted(rows, firms.city, firms.rd_actual_q, reach))
    wanted *= p.equipment_share * p.suitable_share * coverage
    public = unfixed(sum(fixed_sum(kind.rd_q, kind.alive) for kind in kinds))
    spare = p.equipment_share * p.spare_share * coverage * public
    served = min(1.0, spare / wanted) if wanted > 0.0 else 0.0
    paid = pay_fees(world, p.fee_ratio * wanted * served)
    saved = p.equipment_share * p.suitable_share * coverage * served * (1.0 - p.fee_ratio * (1.0 - paid))
    real = 0.0
    if "deflator" in world.indices:  # not in the first quarter of a run
        real = 1.0 / float(world.indices["deflator"][0] * world.indices["price"][0])
    lower_cost(
        rows, firms.city, reach, saved, real, firms.rd_actual_q, firms.cost_factor, firms.spared_share,
        firms.knowledge_add,
    )  # fmt: skip


def pay_fees(world: World, fees: float) -> float:
    """Pay the fees of the quarter (million yuan) to public bodies by their R&D; returns the part that is paid."""
    quarters_left = QUARTERS_A_YEAR - world.calendar.quarter_of_year
    yuan = min(to_yuan(fees), world.accounts.left(LINE) // quarters_left)
    if yuan <= 0:
        return 0.0
    kinds = (world.universities, world.institutes)
    rows = [by_uid(kind.alive, kind.uid) for kind in kinds]
    parts = in_proportion(yuan, np.concatenate([kind.rd_q[r] for kind, r in zip(kinds, rows, strict=True)]))
    if not np.add.reduce(parts):
        return 0.0
    for kind, mine, part in zip(kinds, rows, (parts[: len(rows[0])], parts[len(rows[0]) :]), strict=True):
        world.pay(LINE, kind, mine, part)
    return min(1.0, yuan / (fees * YUAN_PER_MILLION))


@kernel
def small_performers(alive: Flags, has_rd: Flags, size: Codes) -> npt.NDArray[np.bool_]:
    """Small firms with R&D, shape (n,)."""
    small = np.empty(alive.size, np.bool_)
    for j in range(alive.size):
        small[j] = (alive[j] != 0) & (has_rd[j] != 0) & (size[j] <= SMALL)
    return small


@kernel
def hours_wanted(rows: Rows, city: Codes, rd: Floats, reach: Floats) -> int:
    """R&D of small performers within reach of instruments (fixed point, million yuan a quarter)."""
    total = 0
    for j in rows:
        total += fixed(rd[j] * reach[city[j]])
    return total


@kernel
def lower_cost(
    rows: Rows, city: Codes, reach: Floats, saved: float, real: float, rd: Floats, factor: Floats, spared: Floats,
    knowledge: Floats,
) -> None:  # fmt: skip
    """What small performers save by their reach, in place: lower cost, no spending, and knowledge beyond the spending.

    real : worth of a yuan at prices of 2010; rd : R&D of the last quarter (million yuan), by which hours are booked.
    """
    for j in rows:
        part = saved * reach[city[j]]
        factor[j] *= 1.0 - part
        spared[j] = part
        knowledge[j] += real * rd[j] * part / (1.0 - part)
