"""Adaptive review: every few years a part of the year's money moves between budget lines; pilot cities and counties."""

from __future__ import annotations

from dataclasses import dataclass

from sim.agents.world import World
from sim.levers.base import set_places, set_province


@dataclass(frozen=True)
class AdaptiveReview:
    """Most of the year's money that moves, years between reviews, new pilot cities and counties a year.

    It costs no money of its own: a review moves what others have. Pilots are a title without modelled effect.
    """

    share: float
    interval_y: float
    pilot_cities_y: float
    pilot_counties_y: float

    def apply(self, world: World) -> None:
        """Write share and interval of the review, and the places of pilots; nothing where a dose is zero."""
        if self.share > 0.0 and self.interval_y > 0.0:
            set_province(world, "review_share", self.share)
            set_province(world, "review_interval", self.interval_y)
        for programme, places_y in (("pilot_city", self.pilot_cities_y), ("pilot_county", self.pilot_counties_y)):
            if places_y > 0.0:
                set_places(world, programme, places_y)
