"""Innovation activity in the wide sense of plan E: six kinds, of which one is enough."""

from __future__ import annotations

import numpy as np

from sim.agents.world import World
from sim.indicators.sums import Sum

covered_firms = Sum("Above-scale firms that show some innovation activity.", "covered")
covered_firms_changzhi = Sum("The same in Changzhi.", "changzhi_covered")
above_scale_firms_changzhi = Sum("Above-scale firms in Changzhi.", "changzhi")
inactive_firms_changzhi = Sum("Above-scale firms of Changzhi that show no activity of their own.", "changzhi_inactive")
assisted_firms_changzhi = Sum("Of these, those to which the campaign has sent a helper.", "changzhi_assisted")
covered_on_paper_changzhi = Sum(
    "Above-scale firms of Changzhi that are covered by nothing but a paper of the campaign.", "changzhi_on_paper"
)
covered_without_rd_changzhi = Sum("Covered above-scale firms of Changzhi that carry out no R&D.", "changzhi_without_rd")
covered_basic_changzhi = Sum(
    "Covered above-scale firms of Changzhi that show kinds of the basic level only.", "changzhi_basic"
)


def counties_fully_covered_changzhi(world: World) -> float:
    """Counties of Changzhi with above-scale firms, all of which are covered; counties are not scaled."""
    there, covered = world.notes["counties"].T
    return float(np.count_nonzero((there > 0) & (covered == there)))
