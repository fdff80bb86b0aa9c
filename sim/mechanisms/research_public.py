"""Universities and institutes carry out research with their own base and the province's science money.

R&D of a body = its share x (own base growing at a rate, plus the provincial line) + project money. Its staff follows.
The provincial line is a share of fiscal science spending, paid in four instalments. Sources: feasibility_fit; the split
between universities and institutes is known for 2016 and 2017 only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.budget import PROJECT, RESEARCH, lines_of
from sim.agents.world import World
from sim.core.arithmetic import exp
from sim.core.calendar import QUARTERS_A_YEAR
from sim.core.columns import Columns
from sim.core.kernels import kernel
from sim.core.money import to_yuan
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
I8 = npt.NDArray[np.int64]
LINE = "public_research"
FOR_RESEARCH = lines_of(PROJECT, RESEARCH)  # services that a body sells are no R&D of its own


@dataclass(frozen=True)
class Params:
    """Own base of public research (million yuan a year, 2010), its growth, and the provincial share."""

    own_base_y: float
    own_growth_y: float
    fiscal_share: float
    universities_share: float
    absorb_share: float


@step(writes=("university.rd_q", "university.own_rd_q", "institute.own_rd_q", "institute.rd_q",
              "university.received_yuan", "institute.received_yuan",
              "line.public_research"))  # fmt: skip
def research_public(world: World, params: Params, draws: Draws) -> None:
    """Appropriate and pay the provincial line, then carry out the quarter's research."""
    accounts = world.accounts
    if world.calendar.is_first_of_year:
        fiscal = world.exogenous["fiscal_st_expenditure"] * 100.0
        accounts.appropriate(LINE, to_yuan(params.fiscal_share * fiscal / world.scale))
    instalment = accounts.left(LINE) // (QUARTERS_A_YEAR - world.calendar.quarter_of_year)
    years = (world.calendar.quarter + 0.5) / QUARTERS_A_YEAR
    base = params.own_base_y * exp(params.own_growth_y * years) / QUARTERS_A_YEAR / world.scale
    _carry_out(world, world.universities, params.universities_share, base, instalment)
    _carry_out(world, world.institutes, 1.0 - params.universities_share, base, instalment)


def _carry_out(world: World, columns: Columns, share: float, base: float, instalment: int) -> None:
    """Pay each body its part in whole yuan and set its R&D."""
    yuan = carry_out(
        columns.alive, columns.capacity_share, share, base, instalment, columns.received_yuan.total(FOR_RESEARCH),
        columns.own_rd_q, columns.rd_q,
    )  # fmt: skip
    rows = np.flatnonzero(yuan)
    world.pay(LINE, columns, rows, yuan[rows])


@kernel
def carry_out(
    alive: npt.NDArray[np.uint8], capacity_share: F8, share: float, base: float, instalment: int, projects: I8,
    own: F8, rd: F8,
) -> I8:  # fmt: skip
    """Own and whole R&D of each body; its part of the instalment in whole yuan, shape (capacity,).

    projects : yuan that it was paid for research already in this quarter.
    """
    yuan = np.zeros(alive.size, np.int64)
    for j in range(alive.size):
        part = capacity_share[j] * share
        if alive[j] != 0:
            yuan[j] = int(np.floor(part * instalment))
        own[j] = part * base
        rd[j] = part * base + (projects[j] + yuan[j]) / 1e6
    return yuan
