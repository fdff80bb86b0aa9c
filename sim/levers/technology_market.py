"""Technology market: support for intermediaries, registration, a rule to list idle patents, relief on contracts.

The budget pays new intermediaries. Pressure to register and the listing rule cost the sellers, not the budget; relief
on contracts is tax that is not collected.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.agents.world import World
from sim.levers.base import appropriate, set_province


@dataclass(frozen=True)
class TechnologyMarket:
    """Budget (million yuan a year) for new bodies a year, push to register, idle years to listing, relief (share)."""

    budget_y: float
    bodies_y: float
    registration_push: float
    listing_years: float
    contract_relief: float

    def apply(self, world: World) -> None:
        """Write the four terms, each on its own; the line is appropriated only for intermediaries."""
        if self.budget_y > 0.0 and self.bodies_y > 0.0:
            set_province(world, "broker_places_y", self.bodies_y)
            appropriate(world, "technology_market", self.budget_y)
        for term in ("registration_push", "listing_years", "contract_relief"):
            if getattr(self, term) > 0.0:
                set_province(world, term, getattr(self, term))
