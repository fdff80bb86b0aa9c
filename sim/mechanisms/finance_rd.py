"""Firms carry out the R&D that they can pay for: a soft cap set by cash flow, cash and support.

The law (agents/finance_law.py) is evaluated twice, with and without this quarter's project money: what it adds,
displaces, relabels or loses to wages follows yuan by yuan, and nothing of it is assumed. Further projects for which a
grant is given (share_project_cost) come on top of what the firm intends, if the money for it is within reach. Support
that came after this step of the last quarter (vouchers, awards) is within reach now. While arrears of debt service
stand, lenders are cautious: the finance within reach is divided by 1 + caution x arrears / normal cash; support stays
whole.
Sources: L01, L02, L03, C03, C24; feasibility_fit; the caution of lenders is fitted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.budget import BUDGET_LINES, PROJECT, lines_of
from sim.agents.finance_law import USES, finance_within_reach, soft_caps, split_payment
from sim.agents.firm import PRIVATE
from sim.agents.world import World
from sim.core.columns import Columns
from sim.core.kernels import kernel
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
U1 = npt.NDArray[np.uint8]
I1 = npt.NDArray[np.int8]
I8 = npt.NDArray[np.int64]
PROJECTS = lines_of(PROJECT)
GRANT = BUDGET_LINES.index("rd_grant")


@dataclass(frozen=True)
class Params:
    """The soft cap, and the share of a rise that goes to wages."""

    slack: float
    weight_cash_flow_private: float
    weight_cash_flow_state: float
    weight_cash: float
    overhang_caution: float
    sharpness: float
    normal_margin: float
    normal_cash: float
    wage_share: float


@step(writes=("firm.rd_actual_q", "firm.rd_finance_q", "firm.waiting_yuan", "firm.induced_by_grant", "notes.uses"))
def finance_rd(world: World, params: Params, draws: Draws) -> None:
    """Set actual R&D of the quarter and account for the use of the grants paid in it."""
    firms, p = world.firms, params
    lines = PROJECTS[world.accounts.disbursed_q[PROJECTS] > 0]
    paid, yuan = firms.received_yuan.by_payee(lines)
    before = firms.rd_actual_q[paid]
    rows = np.flatnonzero((firms.alive & firms.has_rd).view(np.bool_))
    pay_from_own_means(firms, rows, p)
    granted = paid[yuan[:, np.searchsorted(lines, GRANT)] > 0] if GRANT in lines else paid[:0]
    forget_lapsed_grants(firms.induced_by_grant, rows, granted)
    uses = add_payments(
        paid, yuan, before, firms.has_rd, firms.rd_intended_q, firms.project_rd_q, firms.rd_reported_q,
        firms.misuse_share, firms.induced_by_grant, int(np.searchsorted(lines, GRANT)), p.sharpness, p.wage_share,
        firms.rd_finance_q, firms.rd_actual_q,
    )  # fmt: skip
    year = world.notes.setdefault("uses", {}).setdefault(
        world.calendar.year, np.zeros((len(BUDGET_LINES), len(USES)), np.int64)
    )
    year[lines] += uses


def pay_from_own_means(firms: Columns, rows: I8, p: Params) -> None:
    """Finance and actual R&D of each firm before this quarter's payments: those on the rows have R&D, others none.

    Waiting money is used up.
    """
    carry_out(
        rows, firms.ownership, firms.sales_base, firms.sales_y, firms.margin, firms.cash, firms.debt_overhang,
        firms.rd_intensity, firms.rd_duty, firms.rd_intended_q, firms.credit_q, p.slack, p.weight_cash_flow_private,
        p.weight_cash_flow_state, p.weight_cash, p.overhang_caution, p.normal_margin, p.normal_cash,
        p.sharpness, firms.waiting_yuan, firms.rd_finance_q, firms.rd_actual_q,
    )  # fmt: skip


def forget_lapsed_grants(induced: U1, rows: I8, granted: I8) -> None:
    """R&D on the rows is no longer the doing of a grant that is paid no more; `granted` are rows that got theirs."""
    still = induced[granted]
    induced[rows] = 0
    induced[granted] = still


@kernel
def carry_out(
    rows: I8, ownership: I1, base: F8, sales: F8, margin: F8, cash: F8, overhang: F8, intensity: F8, duty: F8,
    intended: F8, credit: F8, slack: float, private: float, state: float, weight_cash: float, caution: float,
    normal_margin: float, normal_cash: float, sharpness: float, waiting: I8, finance: F8, actual: F8,
) -> None:  # fmt: skip
    """Finance within reach with own means and support in hand, and actual R&D: of the firms on the rows, else zero.

    Who sets a duty lets the firm plan its money for it. Arrears narrow what is within reach.
    """
    wanted, reach = np.empty(rows.size), np.empty(rows.size)
    for i in range(rows.size):
        j = rows[i]
        w = state if ownership[j] < PRIVATE else private
        normal = max(max(intensity[j], duty[j]) * base[j] / 4.0, 1e-9)
        usual_cash = max(normal_cash * sales[j], 1e-9)
        own = finance_within_reach(normal, margin[j] / normal_margin, cash[j] / usual_cash, slack, w, weight_cash)
        own = own / (1.0 + caution * overhang[j] / usual_cash)
        reach[i] = waiting[j] / 1e6 + credit[j] + own
        wanted[i] = intended[j]
    carried = soft_caps(wanted, reach, sharpness)
    waiting[:] = 0
    finance[:] = 0.0
    actual[:] = 0.0
    for i in range(rows.size):
        finance[rows[i]], actual[rows[i]] = reach[i], carried[i]


@kernel
def add_payments(
    rows: I8, yuan: I8, before: F8, has_rd: U1, intended: F8, project: F8, reported: F8, misuse: F8, induced: U1,
    grants: int, sharpness: float, wage: float, finance: F8, actual: F8,
) -> I8:  # fmt: skip
    """Evaluate the law again with the payments on the rows, yuan by line, shape (n, n_lines); uses, shape (n_lines, 7).

    before : actual R&D of the last quarter on the rows, which the firm reported as `reported`. What further projects
    add is the doing of the line `grants`.
    """
    uses = np.zeros((yuan.shape[1], 7), np.int64)
    paid = np.empty(rows.size, np.int64)
    for i in range(rows.size):
        paid[i] = 0
        for k in range(yuan.shape[1]):
            paid[i] += yuan[i, k]
    reach = finance[rows] + (1.0 - misuse[rows]) * paid / 1e6
    usual = soft_caps(intended[rows], reach, sharpness)
    carried = soft_caps(intended[rows] + project[rows], reach, sharpness)
    for i in range(rows.size):
        j = rows[i]
        if paid[i] <= 0:
            continue
        rise, further = 0.0, 0.0
        if has_rd[j] != 0:
            rise = usual[i] - (actual[j] if induced[j] == 0 else 0.0)  # without the grant it would not have started
            further = carried[i] - usual[i]
            finance[j], actual[j] = reach[i], carried[i]
        relabelled = reported[j] / before[i] - 1.0 if before[i] > 0.0 else 0.0
        ratio = min(max(relabelled, 0.0), 0.5)
        for k in range(yuan.shape[1]):  # lines share the rise by what each paid
            part = yuan[i, k]
            if part > 0:
                brought = rise * part / paid[i] + (further if k == grants else 0.0)
                split_payment(part, misuse[j], brought, ratio, wage, uses, k)
    return uses
