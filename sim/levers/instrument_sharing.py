"""Instrument sharing: large instruments of universities and institutes are opened to the firms of the province."""

from __future__ import annotations

from dataclasses import dataclass

from sim.agents.world import World
from sim.levers.base import appropriate, set_province


@dataclass(frozen=True)
class InstrumentSharing:
    """Part of the large instruments in the network (share), budget for users' fees in million yuan a year."""

    coverage: float
    budget_y: float

    def apply(self, world: World) -> None:
        """Write the coverage and appropriate the line; nothing without coverage. Without money users pay in full."""
        if self.coverage <= 0.0:
            return
        set_province(world, "instrument_coverage", self.coverage)
        appropriate(world, "instrument_sharing", self.budget_y)
