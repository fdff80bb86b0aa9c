"""Firms paid by a project grant carry out its projects: some that they would have done anyway, and further ones.

A grant pays a share s of projects of a stated cost; the firm pays the rest by the rules of the call and is bound to the
plan and its dates, so further projects are done whole from the first quarter, beside what the firm intends, and end
with the grant. Done anyway is what is worth its cost; with the grant also what is worth the part that the firm pays
itself, 1 - s (1 - m), where m is what it misuses. Worths are spread as demand for R&D of elasticity e says (as in
desire_rd), and any project that is worth its own part may be put in, so of the cost of the projects

    further = tied x (1 - (1 - s (1 - m))^e), done anyway = the rest.

The grant for what is done anyway frees the firm's own money. Who began R&D for the grant has no other project. Form:
handles 1 and 3 of channels of policy. Sources: A02, A03, A04, C03, C13; that the call knows no more of the worth is
assumed (tied_share). Additionality is an outcome (C01).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.budget import BUDGET_LINES
from sim.agents.firm import MEDIUM, PRIVATE
from sim.agents.world import World
from sim.core.arithmetic import power
from sim.core.kernels import kernel
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
U1 = npt.NDArray[np.uint8]
I1 = npt.NDArray[np.int8]
I8 = npt.NDArray[np.int64]
GRANT = np.array([BUDGET_LINES.index("rd_grant")])
FREE = 1e-9  # own part of a project below which it costs the firm nothing


@dataclass(frozen=True)
class Params:
    """The part of grants that is tied to the projects it shares, and the spread of what projects are worth."""

    SHARED = ("desire_rd.elasticity_large", "desire_rd.elasticity_small", "desire_rd.elasticity_state")
    elasticity_large: float
    elasticity_small: float
    elasticity_state: float
    tied_share: float


@step(writes=("firm.project_rd_q",))
def share_project_cost(world: World, params: Params, draws: Draws) -> None:
    """Set the R&D of this quarter's further projects, of performers that were paid for them."""
    firms, p = world.firms, params
    firms.project_rd_q.fill(0.0)
    if not world.accounts.disbursed_q[GRANT[0]]:
        return
    rows, _ = firms.received_yuan.by_payee(GRANT)
    further(
        rows, firms.has_rd, firms.induced_by_grant, firms.ownership, firms.size_class, firms.grant_award,
        firms.grant_project, firms.misuse_share, p.elasticity_small, p.elasticity_large, p.elasticity_state,
        p.tied_share, firms.project_rd_q,
    )  # fmt: skip


@kernel
def further(
    rows: I8, has_rd: U1, induced: U1, ownership: I1, size_class: I1, award: F8, project: F8, misuse: F8,
    elasticity_small: float, elasticity_large: float, elasticity_state: float, tied_share: float, project_rd: F8,
) -> None:  # fmt: skip
    """Set the R&D of the projects on the rows that would not be done without the grant (million yuan a quarter)."""
    for j in rows:
        if has_rd[j] == 0 or induced[j] != 0 or project[j] <= 0.0:
            continue
        elasticity = elasticity_large if size_class[j] >= MEDIUM else elasticity_small
        elasticity = elasticity_state if ownership[j] < PRIVATE else elasticity
        own_part = max(1.0 - award[j] / project[j] * (1.0 - misuse[j]), FREE)
        project_rd[j] = project[j] * tied_share * (1.0 - power(own_part, elasticity))
