"""Lower profit tax for certified high-tech firms, as a cut in percentage points (25 % to 15 % is a cut of 10)."""

from __future__ import annotations

from dataclasses import dataclass

from sim.agents.world import World


@dataclass(frozen=True)
class HnteTaxRate:
    """Cut of the profit-tax rate in percentage points; zero is the ordinary rate."""

    cut_points: float

    def apply(self, world: World) -> None:
        """Write the cut that a certificate brings, for every firm; nothing at zero."""
        if self.cut_points > 0.0:
            world.firms.tax_cut[:] = self.cut_points / 100.0
