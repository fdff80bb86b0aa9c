"""Pays R&D bodies of the Science-Innovation City and lets firms of the zone learn from them.

The line is paid in equal parts of what is left of the year to the universities and institutes of Taiyuan and Jinzhong:
to those that have a body in the zone by their bodies, before the first body by size; it becomes their R&D. High-tech
performers of the two cities learn from the bodies: gain x n / (n + half), less the part that other places lose (H04).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.centre import HOST_INSTITUTE
from sim.agents.policy_platform import ZONE_CITIES
from sim.agents.public_research import within_reach
from sim.agents.world import World
from sim.catalogue.loader import catalogue
from sim.core.calendar import QUARTERS_A_YEAR
from sim.core.columns import Columns
from sim.core.steps import step
from sim.core.streams import Draws

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
LINE = "science_city_zone"
BODY = "zone_institute"
SIZE_UNITS = 1e6  # sizes as integers, so that whole yuan are shared out


@dataclass(frozen=True)
class Params:
    """Strength and saturation of what firms of the zone learn, the part that is only moved, what bodies can take."""

    SHARED = ("research_public.absorb_share",)

    gain: float
    half: float  # bodies
    displaced: float
    absorb_share: float


@step(writes=("university.received_yuan", "institute.received_yuan", "firm.learning_gain", "line.science_city_zone"))
def develop_zone(world: World, params: Params, draws: Draws) -> None:
    """Pay the quarter's part of the line, then write what firms of the zone learn."""
    centres = world.centres
    bodies = ((centres.alive != 0) & (centres.programme == catalogue().programme(BODY))).nonzero()[0]
    instalment = world.accounts.left(LINE) // (QUARTERS_A_YEAR - world.calendar.quarter_of_year)
    if instalment > 0:
        pay_bodies(world, bodies, instalment, params.absorb_share)
    if len(bodies):
        firms, n = world.firms, float(len(bodies) * world.scale)
        rows = ((firms.alive & firms.has_rd & firms.is_high_tech_field) != 0).nonzero()[0]
        rows = rows[in_zone(firms.city[rows])]
        firms.learning_gain[rows] += (1.0 - params.displaced) * params.gain * n / (n + params.half)


def pay_bodies(world: World, bodies: npt.NDArray[np.int64], instalment: int, absorb: float) -> None:
    """Pay the hosts of bodies by their number, else all universities and institutes of the zone by size.

    Each takes no more than it can put to research.
    """
    centres = world.centres
    if len(bodies):
        at_institutes = centres.host[bodies[centres.host_kind[bodies] == HOST_INSTITUTE]]
        weights = [np.bincount(at_institutes, minlength=world.institutes.capacity).astype(np.int64)]
        kinds: tuple[Columns, ...] = (world.institutes,)
    else:
        kinds = (world.universities, world.institutes)
        weights = [np.rint(SIZE_UNITS * k.capacity_share * inside_zone(k)).astype(np.int64) for k in kinds]
    total = sum(int(weight.sum()) for weight in weights)
    for columns, weight in zip(kinds, weights, strict=True):
        yuan = within_reach(columns, (weight * instalment // max(total, 1)).astype(np.float64), absorb)
        rows = yuan.nonzero()[0]
        world.pay(LINE, columns, rows, yuan[rows])


def in_zone(city: npt.NDArray[np.int8]) -> Mask:
    """Who sits in one of the two cities, shape (n,)."""
    found: Mask = (city == ZONE_CITIES[0]) | (city == ZONE_CITIES[1])
    return found


def inside_zone(bodies: Columns) -> Mask:
    """Living bodies of the two cities, shape (n,)."""
    inside: Mask = (bodies.alive != 0) & in_zone(bodies.city)
    return inside
