"""Demonstration firms and pilots: places for each theme and rank, removal of the weak, awards.

What the hosts and the firms that come to see them spend is their own and is not counted.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.agents.world import World
from sim.levers.base import appropriate, set_places, set_province


@dataclass(frozen=True)
class DemonstrationFirms:
    """Places a year by theme and rank, share removed at an evaluation, award (million yuan), budget (a year)."""

    province_places_y: float
    nation_places_y: float
    smart_places_y: float
    smart_national_places_y: float
    green_places_y: float
    big_data_places_y: float
    hydrogen_cities_y: float
    promotion_places_y: float
    ip_pilot_places_y: float
    elimination: float
    award: float
    budget_y: float

    def apply(self, world: World) -> None:
        """Write places, removal and award, and appropriate the awards; nothing without places of any kind."""
        places = {
            "demonstration_firm": self.province_places_y,
            "smart_manufacturing": self.smart_places_y,
            "green_factory": self.green_places_y,
            "big_data_pilot": self.big_data_places_y,
            "hydrogen_pilot_city": self.hydrogen_cities_y,
            "technology_promotion": self.promotion_places_y,
            "ip_pilot_firm": self.ip_pilot_places_y,
        }
        if max(*places.values(), self.nation_places_y, self.smart_national_places_y) <= 0.0:
            return
        for programme, places_y in places.items():
            set_places(world, programme, places_y)
        set_province(world, "demonstration_places_y", self.province_places_y)
        set_province(world, "demonstration_nation_places_y", self.nation_places_y)
        set_province(world, "smart_nation_places_y", self.smart_national_places_y)
        set_province(world, "demonstration_elimination", self.elimination)
        if self.award > 0.0 and self.budget_y > 0.0:
            set_province(world, "demonstration_award", self.award)
            appropriate(world, "demonstration_firms", self.budget_y)
