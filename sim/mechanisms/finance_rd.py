"""Firms carry out the R&D that they can pay for: a soft cap set by cash flow, cash and support.

The law (agents/finance_law.py) is evaluated twice, with and without this quarter's project money: what it adds,
displaces, relabels or loses to wages follows yuan by yuan, and nothing of it is assumed. Support that came after this
step of the last quarter (vouchers, awards) is within reach now. Sources: L01, L02, L03, C03, C24; feasibility_fit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.budget import BUDGET_LINES, PROJECT, lines_of
from sim.agents.finance_law import USES, finance_within_reach, soft_cap, split_payment
from sim.agents.firm import PRIVATE
from sim.agents.world import World
from sim.core.kernels import inline, kernel
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
U1 = npt.NDArray[np.uint8]
I1 = npt.NDArray[np.int8]
I8 = npt.NDArray[np.int64]
GRANT = BUDGET_LINES.index("rd_grant")
PROJECTS = lines_of(PROJECT)


@dataclass(frozen=True)
class Params:
    """The soft cap, and the share of a rise that goes to wages."""

    slack: float
    weight_cash_flow_private: float
    weight_cash_flow_state: float
    weight_cash: float
    sharpness: float
    normal_margin: float
    normal_cash: float
    wage_share: float


@step(writes=("firm.rd_actual_q", "firm.rd_finance_q", "firm.waiting_yuan", "firm.induced_by_grant", "notes.uses"))
def finance_rd(world: World, params: Params, draws: Draws) -> None:
    """Set actual R&D of the quarter and account for the use of the grants paid in it."""
    firms, p = world.firms, params
    lines = PROJECTS[world.accounts.disbursed_q[PROJECTS] > 0]
    uses = pay_for_rd(
        firms.alive, firms.has_rd, firms.ownership, firms.sales_base, firms.sales_y, firms.margin, firms.cash,
        np.maximum(firms.rd_intensity, firms.rd_duty),  # who sets a duty lets the firm plan its money for it
        firms.rd_intended_q, firms.rd_reported_q, firms.misuse_share, firms.induced_by_grant,
        firms.waiting_yuan, firms.credit_q, firms.received_yuan, lines, GRANT,
        np.array([p.slack, p.weight_cash_flow_private, p.weight_cash_flow_state, p.weight_cash, p.sharpness,
                  p.normal_margin, p.normal_cash, p.wage_share]),
        firms.rd_finance_q, firms.rd_actual_q,
    )  # fmt: skip
    year = world.notes.setdefault("uses", {}).setdefault(
        world.calendar.year, np.zeros((len(BUDGET_LINES), len(USES)), np.int64)
    )
    year[lines] += uses


@kernel
def pay_for_rd(
    alive: U1, has_rd: U1, ownership: I1, base: F8, sales: F8, margin: F8, cash: F8, intensity: F8, intended: F8,
    reported: F8, misuse: F8, induced: U1, waiting: I8, credit: F8, received: I8, lines: I8, grant: int, number: F8,
    finance: F8, actual: F8,
) -> I8:  # fmt: skip
    """Finance (with support already in hand) and actual R&D of each firm; uses by line, shape (n_lines, 7)."""
    uses = np.zeros((lines.size, 7), np.int64)
    for j in range(alive.size):
        before = actual[j]
        actual[j] = 0.0
        finance[j] = 0.0
        if alive[j] == 0:
            continue
        paid = 0
        for k in range(lines.size):
            paid += received[j, lines[k]]
        rise = 0.0
        if has_rd[j] != 0:
            w = number[2] if ownership[j] < PRIVATE else number[1]
            normal = max(intensity[j] * base[j] / 4.0, 1e-9)
            cash_held = cash[j] / max(number[6] * sales[j], 1e-9)
            own = finance_within_reach(normal, margin[j] / number[5], cash_held, number[0], w, number[3])
            finance[j] = waiting[j] / 1e6 + credit[j] + own
            actual[j] = soft_cap(intended[j], finance[j], number[4])
            if paid > 0:
                finance[j] += (1.0 - misuse[j]) * paid / 1e6
                without = actual[j]
                actual[j] = soft_cap(intended[j], finance[j], number[4])
                rise = actual[j] - without
            if induced[j] != 0:  # without the grant it would not have started
                induced[j] = 1 if received[j, grant] > 0 else 0
                rise = actual[j] if induced[j] != 0 else rise
        waiting[j] = 0
        if paid > 0:
            relabelled = reported[j] / before - 1.0 if before > 0.0 else 0.0
            split_payments(received, j, lines, paid, misuse[j], rise, relabelled, number[7], uses)
    return uses


@inline
def split_payments(
    received: I8, j: int, lines: I8, paid: int, misuse: float, rise: float, relabelled: float, wage: float, uses: I8
) -> None:
    """Add the uses of a firm's payments; its rise of R&D is shared by what each line paid."""
    ratio = min(max(relabelled, 0.0), 0.5)
    for k in range(lines.size):
        part = received[j, lines[k]]
        if part > 0:
            split_payment(part, misuse, rise * part / paid, ratio, wage, uses, k)
