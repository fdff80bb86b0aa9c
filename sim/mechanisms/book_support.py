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
from sim.agents.finance_law import USES, soft_cap, split_payment
from sim.agents.world import World
from sim.core.kernels import kernel
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
I8 = npt.NDArray[np.int64]
AWARDS, TO_PUBLIC, SERVICES = lines_of(AWARD), lines_of(PROJECT, AWARD, RESEARCH), lines_of(SERVICE)
RESEARCHED = lines_of(RESEARCH)
IS_EVALUATED = np.isin(BUDGET_LINES, EVALUATED)
VOUCHERS = "innovation_voucher"
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
    _book_public(world, year)
    year[SERVICES, BOUGHT] += paid[SERVICES]
    _book_vouchers(world, year)


def _book_public(world: World, year: I8) -> None:
    """What others than firms received: research is additional, the work of helpers is bought."""
    firms, *public, brokers, governments = (columns.received_yuan.sums()[0] for columns in world.payees)
    year[TO_PUBLIC, ADDITIONAL] += sum(public)[TO_PUBLIC]
    year[TO_PUBLIC, BOUGHT] += (brokers + governments)[TO_PUBLIC]
    year[RESEARCHED, ADDITIONAL] += firms[RESEARCHED]  # firms may host a part of it


def _book_vouchers(world: World, year: I8) -> None:
    line = BUDGET_LINES.index(VOUCHERS)
    paid = int(world.accounts.disbursed_q[line])
    redeemed = world.flows["vouchers_redeemed"]
    additional = paid * world.flows["vouchers_additional"] // redeemed if redeemed else 0
    year[line, ADDITIONAL] += additional
    year[line, DISPLACED] += paid - additional


@kernel
def weigh_payments(
    rows: I8, yuan: I8, has_rd: npt.NDArray[np.uint8], intended: F8, finance: F8, actual: F8, reported: F8,
    misuse: F8, factor: F8, sharpness: float, wage_share: float, waiting: I8,
) -> I8:  # fmt: skip
    """Uses by line, shape (n_lines, 7), of the yuan on the rows, shape (n, n_lines); waiting money of each firm (yuan).

    factor : misuse of a line, relative, shape (n_lines,).
    """
    uses = np.zeros((factor.size, 7), np.int64)
    for i in range(rows.size):
        j = rows[i]
        paid = 0
        useful = 0
        for k in range(factor.size):
            part = yuan[i, k]
            paid += part
            useful += part - int(misuse[j] * factor[k] * part)
        if paid == 0:
            continue
        waiting[j] += useful
        rise = 0.0
        ratio = 0.0
        if has_rd[j] != 0 and actual[j] > 0.0:
            rise = soft_cap(intended[j], finance[j] + useful / 1e6, sharpness) - actual[j]
            ratio = min(max(reported[j] / actual[j] - 1.0, 0.0), 0.5)
        for k in range(factor.size):
            part = yuan[i, k]
            if part > 0:
                split_payment(part, misuse[j] * factor[k], rise * part / paid, ratio, wage_share, uses, k)
    return uses
