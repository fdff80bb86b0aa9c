"""Awards and vouchers paid since the firms' finance are weighed by the same law, and wait for use in the next quarter.

Each payment is split into misused, relabelled, wage, additional and displaced money with the finance of this quarter.
Voucher money goes through the firm to the provider: it is additional where the project would not have been bought.
Sources: as finance_rd; the parameters are those of that mechanism.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.finance_law import USES, soft_cap, split_payment
from sim.agents.firm import BUDGET_LINES
from sim.agents.world import World
from sim.core.kernels import kernel
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
I8 = npt.NDArray[np.int64]
LINES = ("hnte_award", "alliance_support", "centre_recognition")
VOUCHERS = "innovation_voucher"


@dataclass(frozen=True)
class Params:
    """The sharpness of the cap and the share that goes to wages."""

    SHARED = ("finance_rd.sharpness", "finance_rd.wage_share")
    sharpness: float
    wage_share: float


@step(writes=("firm.waiting_yuan", "notes.uses"))
def book_support(world: World, params: Params, draws: Draws) -> None:
    """Book the uses of this quarter's late payments and keep the money within reach for the next quarter."""
    firms = world.firms
    year = world.notes.setdefault("uses", {}).setdefault(
        world.calendar.year, np.zeros((len(BUDGET_LINES), len(USES)), np.int64)
    )
    lines = np.array([BUDGET_LINES.index(line) for line in LINES], np.int64)
    if world.accounts.disbursed_q[lines].any():
        year[lines] += weigh_payments(
            firms.alive, firms.has_rd, firms.rd_intended_q, firms.rd_finance_q, firms.rd_actual_q, firms.rd_reported_q,
            firms.misuse_share, firms.received_yuan, lines, params.sharpness, params.wage_share, firms.waiting_yuan,
        )  # fmt: skip
    _book_vouchers(world, year)
    public = BUDGET_LINES.index("public_research")
    year[public, USES.index("additional")] += int(world.accounts.disbursed_q[public])


def _book_vouchers(world: World, year: I8) -> None:
    line = BUDGET_LINES.index(VOUCHERS)
    paid = int(world.accounts.disbursed_q[line])
    redeemed = world.flows["vouchers_redeemed"]
    additional = paid * world.flows["vouchers_additional"] // redeemed if redeemed else 0
    year[line, USES.index("additional")] += additional
    year[line, USES.index("displaced")] += paid - additional


@kernel
def weigh_payments(
    alive: npt.NDArray[np.uint8], has_rd: npt.NDArray[np.uint8], intended: F8, finance: F8, actual: F8, reported: F8,
    misuse: F8, received: I8, lines: I8, sharpness: float, wage_share: float, waiting: I8,
) -> I8:  # fmt: skip
    """Uses by line, shape (n_lines, 6); waiting money of each firm (yuan)."""
    uses = np.zeros((lines.size, 6), np.int64)
    for j in range(alive.size):
        paid = 0
        for k in range(lines.size):
            paid += received[j, lines[k]]
        if paid == 0:
            continue
        waiting[j] += paid
        rise = 0.0
        ratio = 0.0
        if has_rd[j] != 0 and actual[j] > 0.0:
            useful = (1.0 - misuse[j]) * paid / 1e6
            rise = soft_cap(intended[j], finance[j] + useful, sharpness) - actual[j]
            ratio = min(max(reported[j] / actual[j] - 1.0, 0.0), 0.5)
        for k in range(lines.size):
            part = received[j, lines[k]]
            if part > 0:
                split_payment(part, misuse[j], rise * part / paid, ratio, wage_share, uses, k)
    return uses
