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
    if len(lines):
        factor = np.array([params.evaluated_misuse if BUDGET_LINES[i] in EVALUATED else 1.0 for i in lines])
        year[lines] += weigh_payments(
            firms.alive, firms.has_rd, firms.rd_intended_q, firms.rd_finance_q, firms.rd_actual_q, firms.rd_reported_q,
            firms.misuse_share, firms.received_yuan, lines, factor, params.sharpness, params.wage_share,
            firms.waiting_yuan,
        )  # fmt: skip
    for line in TO_PUBLIC[paid[TO_PUBLIC] > 0]:
        for public in (world.universities, world.institutes):
            year[line, ADDITIONAL] += int(public.received_yuan[:, line].sum())
        for helper in (world.intermediaries, world.governments):
            year[line, BOUGHT] += int(helper.received_yuan[:, line].sum())
    year[SERVICES, BOUGHT] += paid[SERVICES]
    for line in RESEARCHED[paid[RESEARCHED] > 0]:  # firms may host a part of it
        year[line, ADDITIONAL] += int(firms.received_yuan[:, line].sum())
    _book_vouchers(world, year)


def _book_vouchers(world: World, year: I8) -> None:
    line = BUDGET_LINES.index(VOUCHERS)
    paid = int(world.accounts.disbursed_q[line])
    redeemed = world.flows["vouchers_redeemed"]
    additional = paid * world.flows["vouchers_additional"] // redeemed if redeemed else 0
    year[line, ADDITIONAL] += additional
    year[line, DISPLACED] += paid - additional


@kernel
def weigh_payments(
    alive: npt.NDArray[np.uint8], has_rd: npt.NDArray[np.uint8], intended: F8, finance: F8, actual: F8, reported: F8,
    misuse: F8, received: I8, lines: I8, factor: F8, sharpness: float, wage_share: float, waiting: I8,
) -> I8:  # fmt: skip
    """Uses by line, shape (n_lines, 7); waiting money of each firm (yuan). factor: misuse of a line, relative."""
    uses = np.zeros((lines.size, 7), np.int64)
    for j in range(alive.size):
        paid = 0
        useful = 0
        for k in range(lines.size):
            part = received[j, lines[k]]
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
        for k in range(lines.size):
            part = received[j, lines[k]]
            if part > 0:
                split_payment(part, misuse[j] * factor[k], rise * part / paid, ratio, wage_share, uses, k)
    return uses
