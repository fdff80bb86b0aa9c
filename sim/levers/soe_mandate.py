"""Duties of state firms: an R&D ratio, R&D activity, cooperation with a university, an R&D institution.

No money is paid: the firms bear the cost.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.agents.world import World
from sim.levers.base import set_province

TERM_OF = {
    "ratio": "duty_ratio",
    "active": "duty_active",
    "cooperation": "duty_cooperation",
    "institution": "duty_institution",
}


@dataclass(frozen=True)
class SoeMandate:
    """R&D over sales of key state firms, and strictness (0 to 1) of the three other duties."""

    ratio: float
    active: float
    cooperation: float
    institution: float

    def apply(self, world: World) -> None:
        """Write the duties that are not zero."""
        for dose, term in TERM_OF.items():
            if getattr(self, dose) > 0.0:
                set_province(world, term, getattr(self, dose))
