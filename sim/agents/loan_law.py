"""The law of further loans, used by all levers that open credit: who lacks finance, how a loan is drawn and paid back.

A firm lacks what separates its finance of the last quarter from its intended R&D with a cushion. A loan is drawn in
equal parts while the firm does R&D, then paid back in equal parts out of cash; a firm that cannot pay and makes losses
defaults.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.core.kernels import inline, kernel

F8 = npt.NDArray[np.float64]
U1 = npt.NDArray[np.uint8]
I1 = npt.NDArray[np.int8]
Rows = npt.NDArray[np.int64]
SETTLED = 1e-9  # million yuan: rounding that is left of a debt


@kernel
def with_loans(alive: U1, quarters: I1, debt: F8) -> npt.NDArray[np.bool_]:
    """Whether each is alive and draws a loan or owes one, shape (n,)."""
    found = np.empty(alive.size, np.bool_)
    for j in range(alive.size):  # one width a loop, so that the compiler takes many rows at once
        found[j] = debt[j] > 0.0
    for j in range(alive.size):
        found[j] = (alive[j] != 0) & ((quarters[j] > 0) | found[j])
    return found


@inline
def lacking(cushion: float, intended: float, finance: float) -> float:
    """What a performer lacks for its intended R&D, in the unit of both (million yuan a quarter)."""
    return max(cushion * intended - finance, 0.0)


@kernel
def carry_loans(
    rows: Rows, has_rd: U1, quarters: I1, loan_q: F8, debt: F8, drawn_over: int, repaid_over: int, margin: F8,
    cash: F8, credit: F8,
) -> F8:  # fmt: skip
    """One quarter passes for the loans on the rows, in place; returns the debt on which each defaults, shape (n_rows,).

    drawn_over, repaid_over : quarters in which a loan is drawn and paid back; credit : finance within reach for R&D.
    All amounts in million yuan.
    """
    lost = np.zeros(rows.size)
    for k in range(rows.size):
        j = rows[k]
        if quarters[j] > 0:
            quarters[j] -= 1
            if has_rd[j] != 0:
                credit[j] += loan_q[j]
                debt[j] += loan_q[j]
        elif debt[j] > 0.0:
            due = min(debt[j], loan_q[j] * drawn_over / repaid_over)
            paid = min(due, cash[j])
            cash[j] -= paid
            debt[j] -= paid
            if paid < due and margin[j] < 0.0:
                lost[k] = debt[j]
                debt[j] = 0.0
            if debt[j] < SETTLED:
                debt[j] = 0.0
    return lost
