"""Money paid since the firms' finance is weighed by the same law, and waits for use in the next quarter.

Each payment to a firm is split into misused, relabelled, wage, additional and displaced money with the finance of this
quarter. Voucher money goes through the firm to the provider: it is additional where the project would not have been
bought. What universities and institutes get for research is carried out, so additional. Money for services (help,
space, training) is no R&D of its recipient: it is booked as services, and its effect shows only in a paired run. Money
for R&D that was checked before payment is misused less. Sources: as finance_rd; C22.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.budget import AWARD, BUDGET_LINES, EVALUATED, PROJECT, RESEARCH, SERVICE, lines_of
from sim.agents.finance_law import USES, soft_caps, split_payment
from sim.agents.world import World
from sim.core.kernels import kernel
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
I8 = npt.NDArray[np.int64]
AWARDS = lines_of(AWARD)
NUMBERS = np.arange(len(BUDGET_LINES))
IS_TO_PUBLIC, IS_RESEARCH, IS_SERVICE = (
    np.isin(NUMBERS, lines_of(*uses)).astype(np.int64) for uses in ((PROJECT, AWARD, RESEARCH), (RESEARCH,), (SERVICE,))
)
IS_EVALUATED = np.isin(BUDGET_LINES, EVALUATED)
VOUCHERS = BUDGET_LINES.index("innovation_voucher")
ADDITIONAL, DISPLACED, BOUGHT = USES.index("additional"), USES.index("displaced"), USES.index("services")


@dataclass(frozen=True)
class Params:
    """The sharpness of the cap, the share that goes to wages, misuse of money that is paid after a check."""

    SHARED = ("finance_rd.sharpness", "finance_rd.wage_share")
    sharpness: float
    wage_share: float
    evaluated_misuse: float


@step(writes=("firm.waiting_yuan", "notes.uses"))
def book_support(world: World, params: Params, draws: Draws) -> None:
    """Book the uses of this quarter's payments and keep late money within reach for the next quarter."""
    firms, paid = world.firms, world.accounts.disbursed_q
    year = world.notes.setdefault("uses", {}).setdefault(
        world.calendar.year, np.zeros((len(BUDGET_LINES), len(USES)), np.int64)
    )
    lines = AWARDS[paid[AWARDS] > 0]
    rows, yuan = firms.received_yuan.by_payee(lines)
    if len(rows):
        factor = np.where(IS_EVALUATED[lines], params.evaluated_misuse, 1.0)
        year[lines] += weigh_payments(
            rows, yuan, firms.has_rd, firms.rd_intended_q, firms.rd_finance_q, firms.rd_actual_q, firms.rd_reported_q,
            firms.misuse_share, factor, params.sharpness, params.wage_share, firms.waiting_yuan,
        )  # fmt: skip
    book_public(world, year)
    _book_vouchers(world, year)


def book_public(world: World, year: I8) -> None:
    """Research is additional, the work of helpers and services are bought."""
    firms, universities, institutes, brokers, governments = (kind.received_yuan.sums()[0] for kind in world.payees)
    year[:, ADDITIONAL] += (universities + institutes) * IS_TO_PUBLIC + firms * IS_RESEARCH  # firms may host a part
    year[:, BOUGHT] += (brokers + governments) * IS_TO_PUBLIC + world.accounts.disbursed_q * IS_SERVICE


def _book_vouchers(world: World, year: I8) -> None:
    paid = int(world.accounts.disbursed_q[VOUCHERS])
    redeemed = world.flows["vouchers_redeemed"]
    additional = paid * world.flows["vouchers_additional"] // redeemed if redeemed else 0
    year[VOUCHERS, ADDITIONAL] += additional
    year[VOUCHERS, DISPLACED] += paid - additional


@kernel
def weigh_payments(
    rows: I8, yuan: I8, has_rd: npt.NDArray[np.uint8], intended: F8, finance: F8, actual: F8, reported: F8,
    misuse: F8, factor: F8, sharpness: float, wage_share: float, waiting: I8,
) -> I8:  # fmt: skip
    """Uses by line, shape (n_lines, 7), of the yuan on the rows, shape (n, n_lines); waiting money of each firm (yuan).

    factor : misuse of a line, relative, shape (n_lines,).
    """
    uses = np.zeros((factor.size, 7), np.int64)
    paid, useful = np.zeros((2, rows.size), np.int64)
    for i in range(rows.size):
        for k in range(factor.size):
            part = yuan[i, k]
            paid[i] += part
            useful[i] += part - int(misuse[rows[i]] * factor[k] * part)
    within_reach = soft_caps(intended[rows], finance[rows] + useful / 1e6, sharpness)
    for i in range(rows.size):
        j = rows[i]
        waiting[j] += useful[i]
        rise = 0.0
        ratio = 0.0
        if has_rd[j] != 0 and actual[j] > 0.0:
            rise = within_reach[i] - actual[j]
            ratio = min(max(reported[j] / actual[j] - 1.0, 0.0), 0.5)
        for k in range(factor.size):
            part = yuan[i, k]
            if part > 0:
                split_payment(part, misuse[j] * factor[k], rise * part / paid[i], ratio, wage_share, uses, k)
    return uses
