"""Recognition of technology centres and platforms: calls, a floor for the R&D ratio, removal of the weak, awards."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from sim.agents.government import PROVINCE
from sim.agents.world import World
from sim.catalogue.loader import catalogue
from sim.levers.base import appropriate, set_province

HIGHER_FLOOR_FROM = 2020  # plan B: 1.5 % at once, 2.5 % by 2020 for all but energy firms
TIERS = 3  # the first rows of programmes.csv: city, provincial and national centres of firms


@cache
def paces_y(year: int) -> npt.NDArray[np.float64]:
    """Historical pace a year of the other kinds of programme that there are in a year, else 0, shape (n,)."""
    rows = catalogue().programmes[TIERS:]
    return np.array([row.historical_pace_y if year >= row.start_year else 0.0 for row in rows])


@dataclass(frozen=True)
class CentreRecognition:
    """Places a year by tier, pace of other platforms (multiple of history), floors and removal (shares), money."""

    budget_y: float
    city_places_y: float
    province_places_y: float
    nation_places_y: float
    platform_pace: float
    ratio_floor: float
    ratio_floor_2020: float
    elimination: float
    award: float

    def apply(self, world: World) -> None:
        """Write the terms of the calls and appropriate the awards; nothing without any place."""
        tiers = (self.city_places_y, self.province_places_y, self.nation_places_y)
        if max(*tiers, self.platform_pace) <= 0.0:
            return
        places = world.governments.centre_places_y[PROVINCE]
        places[:TIERS] += tiers  # other levers may add places of their own
        others = paces_y(world.calendar.year)
        places[TIERS : TIERS + len(others)] += self.platform_pace * others
        set_province(world, "centre_elimination", self.elimination)
        if self.ratio_floor > 0.0:
            set_province(world, "centre_ratio_weight", 1.0)
            world.firms.ratio_floor[:] = self.ratio_floor
        if self.ratio_floor_2020 > 0.0 and world.calendar.year >= HIGHER_FLOOR_FROM:
            higher = max(self.ratio_floor, self.ratio_floor_2020)
            world.firms.ratio_floor[:] = np.where(world.firms.is_energy != 0, self.ratio_floor, higher)
        if self.award > 0.0 and self.budget_y > 0.0:
            set_province(world, "centre_award", self.award)
            appropriate(world, "centre_recognition", self.budget_y)
