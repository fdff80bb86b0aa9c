"""The finance law of firms, used wherever a payment's effect is weighed: a soft cap on R&D, and the uses of a yuan.

R = (R*^-g + F^-g)^(-1/g), F = slack x normal R&D x [w cash flow / normal + (1 - w)(v cash / normal + 1 - v)] + support.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.core.arithmetic import power
from sim.core.kernels import inline, kernel

USES = ("misused", "relabelled", "wage", "additional", "displaced", "leveraged", "services")
SHARES_OF_A_YUAN = (*USES[:5], "services")  # what a payment consists of; leveraged is own money beyond it


@inline
def soft_cap(wanted: float, finance: float, sharpness: float) -> float:
    """R&D that is carried out; near the smaller of the two, written so that large ratios cannot overflow."""
    small = min(wanted, finance)
    large = max(wanted, finance)
    if small <= 0.0:
        return 0.0
    return small * power(1.0 + power(small / large, sharpness), -1.0 / sharpness)


@kernel
def soft_caps(
    wanted: npt.NDArray[np.float64], finance: npt.NDArray[np.float64], sharpness: float
) -> npt.NDArray[np.float64]:  # fmt: skip
    """R&D that is carried out, shape (n,): a loop of its own is compiled for several firms at once."""
    actual = np.empty(wanted.size)
    for i in range(wanted.size):
        actual[i] = soft_cap(wanted[i], finance[i], sharpness)
    return actual


@inline
def finance_within_reach(normal_rd: float, cash_flow: float, cash: float, slack: float, w: float, v: float) -> float:
    """Finance for R&D before support; cash flow and cash relative to normal, held within 0..2."""
    weight = w * min(max(cash_flow, 0.0), 2.0) + (1.0 - w) * (v * min(max(cash, 0.0), 2.0) + 1.0 - v)
    return slack * normal_rd * weight


@inline
def split_payment(
    paid: int, misused_share: float, rise: float, relabel_ratio: float, wage_share: float, uses: npt.NDArray[np.int64],
    k: int,
) -> None:  # fmt: skip
    """Add a payment's uses (whole yuan, in the order of USES) to row k; the first five sum to the payment.

    `rise` is the rise of actual R&D in million yuan that the payment brings by the finance law, `relabel_ratio` what
    the firm reports beyond each yuan of it, `wage_share` the part that a higher price of staff takes.
    """
    misused = int(misused_share * paid)
    left = paid - misused
    total = int(max(rise, 0.0) * 1e6)
    relabelled = min(int(total * relabel_ratio), left)
    left -= relabelled
    inside = min(total, left)
    wage = int(inside * wage_share)
    uses[k, 0] += misused
    uses[k, 1] += relabelled
    uses[k, 2] += wage
    uses[k, 3] += inside - wage
    uses[k, 4] += left - inside
    uses[k, 5] += total - inside
